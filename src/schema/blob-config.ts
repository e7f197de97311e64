import { z } from 'zod';

/** Where model files and the big payloads of tasks are kept. */
export const blobConfig = z
  .strictObject({
    kind: z
      .enum(['disk', 's3'])
      .default('disk')
      .describe(
        '`disk`: in a folder. `s3`: in a bucket, with copies in the folder of the models that run here.',
      ),
    dir: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder for model files and the big payloads of tasks; in the home directory when absent. The processes of a cluster need one that all can reach, or a bucket.',
      ),
    bucket: z.string().min(1).max(255).optional().describe('Name of the bucket, for `s3`.'),
    prefix: z
      .string()
      .regex(/^([A-Za-z0-9._-]+\/)*$/, 'must be empty, or names that each end with a slash')
      .default('millrace/')
      .describe('What all keys in the bucket begin with.'),
  })
  .prefault({})
  .describe('Big files.');
