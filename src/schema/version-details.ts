import { z } from 'zod';
import type { tasks } from './model.ts';

const languages = z
  .array(z.string().min(2).max(35))
  .max(200)
  .optional()
  .describe('Languages it knows, as BCP 47 tags: `en`, `pt-BR`.');
const license = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('What may be done with it, for example `Apache-2.0`.');
const tokens = z.number().int().min(1).optional();

const generating = z.strictObject({
  languages,
  license,
  contextTokens: tokens.describe('Tokens of prompt and answer together at most.'),
  tools: z.boolean().optional().describe('Whether it was trained to call tools.'),
});

/** What is worth knowing of a version beyond what every version has, by what its model is for. */
export const versionDetails: Readonly<Record<(typeof tasks)[number], z.ZodObject>> = {
  chat: generating,
  completion: generating.omit({ tools: true }),
  embedding: z.strictObject({
    languages,
    license,
    dimensions: z.number().int().min(1).optional().describe('Length of a vector.'),
    inputTokens: tokens.describe('Tokens of one text at most.'),
    pooling: z.enum(['mean', 'cls', 'last']).optional().describe('How tokens become one vector.'),
    normalised: z.boolean().optional().describe('Whether vectors have length 1.'),
  }),
};
