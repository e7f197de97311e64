import { z } from 'zod';
import { maxTokens, samplingFields } from './sampling.ts';

/** A list that has a wrong one is not looked through any further: hence `abort`. */
const tokenId = z.number().int().min(0, { abort: true }).max(0x7fff_ffff, { abort: true });

export const promptForms = [
  z.string(),
  z.array(z.string()).min(1).max(128),
  z.array(tokenId).min(1),
  z.array(z.array(tokenId).min(1)).min(1).max(128),
] as const;

const promptError = 'a prompt is a text, a list of token ids, or a list of at most 128 of either';

/** `POST /v1/completions`. */
export const completionRequest = z.strictObject({
  ...samplingFields,
  model: z.string().min(1).max(512).describe('The deployment to ask.'),
  prompt: z
    .union(promptForms, { error: promptError })
    .describe('What to go on from; each of a list gets `n` answers.'),
  max_tokens: maxTokens.describe('At most this many tokens are written; 16 when absent.'),
  logprobs: z
    .number()
    .int()
    .min(0)
    .max(20)
    .nullish()
    .describe('Log probabilities of the written tokens and of this many of the likeliest in their places.'),
  echo: z.boolean().nullish().describe('Repeat the prompt in the answer.'),
  best_of: z.number().int().min(1).max(128).nullish().describe('Write this many and give the best `n`.'),
  suffix: z.string().nullish().describe('What comes after the text to be inserted.'),
});

export type CompletionRequest = z.infer<typeof completionRequest>;
