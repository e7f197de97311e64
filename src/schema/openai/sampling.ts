import { z } from 'zod';

const penalty = z.number().min(-2).max(2).nullish();

/** What chat and text completion have in common: how the answer is drawn, and where it ends. */
export const samplingFields = {
  frequency_penalty: penalty.describe(
    'Lowers the chance of a token by this for each time it was written already.',
  ),
  presence_penalty: penalty.describe('Lowers the chance of every token that was written already by this.'),
  logit_bias: z
    .record(z.string().regex(/^\d+$/, 'keys are token ids'), z.number().min(-100).max(100))
    .nullish()
    .describe('Token id → what is added to its logit.'),
  n: z.number().int().min(1).max(128).nullish().describe('How many answers; 1 when absent.'),
  seed: z
    .number()
    .int()
    .nullish()
    .describe('The same seed and request give the same answer; answer i of `n` uses seed + i.'),
  stop: z
    .union([z.string().min(1), z.array(z.string().min(1)).max(16)], {
      error: 'stop is a text or a list of at most 16 texts, none of them empty',
    })
    .nullish()
    .describe('The answer ends before the first of these.'),
  temperature: z.number().min(0).max(2).nullish().describe('0 takes the likeliest token; 1 when absent.'),
  top_p: z
    .number()
    .min(0)
    .max(1)
    .nullish()
    .describe('Draw from the likeliest tokens that together have this probability.'),
  stream: z.boolean().nullish().describe('Send the answer as it is written.'),
  stream_options: z
    .strictObject({
      include_usage: z.boolean().nullish().describe('A last chunk with the counts.'),
      include_obfuscation: z.boolean().nullish().describe('Only `false` or absent.'),
    })
    .nullish()
    .describe('Only with `stream`.'),
  return_token_ids: z
    .boolean()
    .nullish()
    .describe('Extension: adds `token_ids` to each choice and `prompt_token_ids` to the answer.'),
  user: z.string().nullish().describe('Of no effect here; identity comes from the key.'),
} as const;

const positive = z.number().int().min(1).max(10_000_000).nullish();

export const maxTokens = positive.describe('At most this many tokens are written.');
