import { z } from 'zod';

/** Where model files and the big payloads of tasks are kept. */
export const blobConfig = z
  .strictObject({
    dir: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder for model files and the big payloads of tasks; in the home directory when absent. The processes of a cluster need one that all can reach.',
      ),
  })
  .prefault({})
  .describe('Big files.');
