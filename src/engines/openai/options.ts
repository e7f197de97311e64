import { z } from 'zod';

/** An endpoint that somebody already runs. */
export const openaiOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('Base address without `/v1`, for example `http://10.0.0.5:8000` or `https://host/base`.'),
    model: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe(
        'What the model is called there; put in place of `model` in every request. As it was asked for when absent.',
      ),
    cost: z
      .strictObject({
        inputPerMillion: z.number().min(0).describe('Price of a million tokens read.'),
        outputPerMillion: z.number().min(0).describe('Price of a million tokens written.'),
        currency: z.string().length(3).default('USD').describe('ISO 4217, for example `USD`.'),
      })
      .optional()
      .describe('What its provider charges. Kept with the deployment, for those who count what was spent.'),
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
        'Path of a file that holds the key, and nothing else: a regular file of at most 16 KiB, or a link to one (as Kubernetes mounts secrets). Only a key with the scope `admin` may set it, or change `url` beside it.',
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
