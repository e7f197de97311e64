import { z } from 'zod';

export const objectiveMs = z
  .number()
  .int()
  .min(1)
  .max(3_600_000)
  .optional()
  .describe(
    'How long an answer should take from the arrival of its request: requests that could not be answered within it are refused rather than queued, and batches are filled as far as it allows.',
  );
