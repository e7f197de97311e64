import { z } from 'zod';

/** The S3-compatible server. */
export const s3Config = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of the server; Amazon's for the region when absent."),
    region: z.string().min(1).default('us-east-1').describe('Region of the buckets.'),
    pathStyle: z
      .boolean()
      .default(true)
      .describe('Address buckets as `server/bucket`. `false`: as `bucket.server`, which Amazon prefers.'),
    accessKeyEnv: z
      .string()
      .min(1)
      .default('AWS_ACCESS_KEY_ID')
      .describe('Name of the environment variable with the id of the access key.'),
    secretKeyEnv: z
      .string()
      .min(1)
      .default('AWS_SECRET_ACCESS_KEY')
      .describe('Name of the environment variable with the secret key.'),
    sessionTokenEnv: z
      .string()
      .min(1)
      .default('AWS_SESSION_TOKEN')
      .describe('Name of the environment variable with the token of temporary keys.'),
    credentialsFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with the id of the access key on its first line and the secret key on the second, as secrets are mounted. Goes before the environment.',
      ),
  })
  .prefault({})
  .describe(
    'S3-compatible server, for `blobs.kind: s3` and `s3:` sources. Without keys, Amazon’s usual places are searched.',
  );

export type S3Config = z.infer<typeof s3Config>;
