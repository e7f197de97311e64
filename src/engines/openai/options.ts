import { z } from 'zod';

/** An endpoint that somebody already runs. */
export const openaiOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('Base address without `/v1`, for example `http://10.0.0.5:8000` or `https://host/base`.'),
    healthPath: z
      .string()
      .regex(/^\/\S*$/, 'must begin with "/"')
      .default('/v1/models')
      .describe('Asked for signs of life, below `url`: any 2xx means ready.'),
    apiKeyEnv: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name of the environment variable of the platform that holds the key. Only a key with the scope `admin` may set it, or change `url` beside it.',
      ),
    apiKeyFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Path of a file that holds the key, and nothing else: a regular file of at most 16 KiB, no link. Only a key with the scope `admin` may set it, or change `url` beside it.',
      ),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(64)
      .describe('Requests it is given at the same time; the others wait here.'),
  })
  .refine((options) => options.apiKeyEnv === undefined || options.apiKeyFile === undefined, {
    path: ['apiKeyFile'],
    message: 'give the key by apiKeyEnv or by apiKeyFile, not both',
  });

export type OpenaiOptions = z.infer<typeof openaiOptions>;
