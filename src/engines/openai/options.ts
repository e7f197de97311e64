import { z } from 'zod';
import { externalFields, hasOneKey, oneKey } from '../wire/index.ts';

/** An endpoint that somebody already runs, and that speaks OpenAI's dialect. */
export const openaiOptions = z
  .strictObject({
    ...externalFields({
      url: 'Base address without `/v1`, for example `http://10.0.0.5:8000` or `https://host/base`.',
      healthPath: '/v1/models',
    }),
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
  })
  .refine(hasOneKey, oneKey);
