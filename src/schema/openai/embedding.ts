import { z } from 'zod';
import { promptForms } from './completion.ts';

/** `POST /v1/embeddings`. */
export const embeddingRequest = z.strictObject({
  model: z.string().min(1).max(512).describe('The deployment to ask.'),
  input: z
    .union([z.array(z.string()).min(1).max(2048), ...promptForms], {
      error: 'input is a text, a list of token ids, or a list of at most 2048 texts',
    })
    .describe('What to embed.'),
  encoding_format: z
    .enum(['float', 'base64'])
    .nullish()
    .describe('Numbers, or the little-endian 32-bit floats in base64.'),
  dimensions: z.number().int().min(1).nullish().describe('Length of the vector, where it can be chosen.'),
  user: z.string().nullish().describe('Of no effect here; identity comes from the key.'),
});

export type EmbeddingRequest = z.infer<typeof embeddingRequest>;
