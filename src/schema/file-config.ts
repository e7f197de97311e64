import { z } from 'zod';

const dayMs = 86_400_000;

/** What people may put down at `/v1/files`. */
export const fileConfig = z
  .strictObject({
    bytesMax: z
      .number()
      .int()
      .min(1024)
      .max(1024 ** 4)
      .default(512 * 1024 ** 2)
      .describe('Largest file that is taken.'),
    keepMs: z
      .number()
      .int()
      .min(60_000)
      .max(365 * dayMs)
      .default(30 * dayMs)
      .describe('How long files are kept that do not say so themselves.'),
    filesMax: z.number().int().min(1).default(10_000).describe('Files of one tenant at the same time.'),
  })
  .prefault({})
  .describe('Files of users: the inputs and outputs of batches.');
