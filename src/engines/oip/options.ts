import { z } from 'zod';
import { externalFields, hasOneKey, oneKey } from '../wire/index.ts';

/** An endpoint that somebody already runs, and that speaks the Open Inference Protocol. */
export const oipOptions = z
  .strictObject({
    ...externalFields({
      url: 'Base address without `/v2`, for example `http://10.0.0.5:8000` or `https://host/base`.',
      healthPath: '/v2/health/ready',
    }),
    model: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('Name of the model there; the name of the deployment when absent.'),
  })
  .refine(hasOneKey, oneKey);
