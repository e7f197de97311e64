import { z } from 'zod';

const ms = z.number().min(0).max(3_600_000);
const count = z.number().int().min(0).max(1_000_000);
const nth = z.number().int().min(1).max(1_000_000);

/** Everything a fake replica can be made to do. Defaults: it loads at once and answers as fast as it can. */
export const fakeOptions = z
  .strictObject({
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(8)
      .describe('Requests worked on at once; the others wait.'),
    queueDepthMax: count.default(1024).describe('Requests that may wait; beyond that 503 `overloaded`.'),
    loadMs: ms.default(0).describe('How long loading takes, in milliseconds.'),
    failLoad: z.string().min(1).optional().describe('Loading ends as `failed` with this message.'),
    exitDuringLoadTimes: count
      .default(0)
      .describe('So many starts in a row end by themselves while loading; needs `startsFile`.'),
    startsFile: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a file in which the starts are counted: a dead process remembers nothing.'),
    memoryBytes: z
      .number()
      .int()
      .min(0)
      .max(64 * 2 ** 30)
      .default(0)
      .describe('Memory that loading takes and keeps, touched page by page.'),
    firstTokenMs: ms.default(0).describe('From the start of the work to the first token, in milliseconds.'),
    tokenMs: ms.default(0).describe('Between two tokens, in milliseconds; fractions are kept on average.'),
    steps: z
      .strictObject({
        ms: ms.default(10).describe('Fixed part of a step.'),
        promptTokenMs: ms.default(0.1).describe('For each prompt token that is read in it.'),
        sequenceMs: ms.default(0.1).describe('For each answer that is written on in it.'),
        tokensMax: z
          .number()
          .int()
          .min(1)
          .max(1_000_000)
          .default(2048)
          .describe('Prompt tokens and answers of one step.'),
      })
      .optional()
      .describe(
        'Answers are written together, step by step, as language models on accelerators do; `firstTokenMs` and `tokenMs` then mean nothing. The head of a stream comes with its first token.',
      ),
    tokens: z.number().int().min(1).max(1_000_000).default(16).describe('Tokens (words) of an answer.'),
    text: z
      .string()
      .min(1)
      .optional()
      .describe('What to answer, instead of words made from the prompt and the seed.'),
    seed: z.number().int().default(0).describe('Seed of answers, embeddings and `errorRate`.'),
    contextTokens: z
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .default(100_000)
      .describe('Prompts with more words are refused with `context_length_exceeded`.'),
    embeddingDimensions: z
      .number()
      .int()
      .min(1)
      .max(8192)
      .default(64)
      .describe('Length of embedding vectors.'),
    errorEvery: nth.optional().describe('Every so-manieth request is answered with `errorStatus`.'),
    errorRate: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Share of requests answered with `errorStatus`, by the seed.'),
    errorStatus: z.number().int().min(400).max(599).default(500).describe('HTTP status of scripted errors.'),
    hangAfterTokens: nth
      .optional()
      .describe('After so many tokens in all, alive but stuck: no request gets another token.'),
    hangLife: z
      .boolean()
      .default(false)
      .describe('A replica that hangs does not answer for signs of life either.'),
    crashAfterTokens: nth.optional().describe('The process dies after so many tokens in all.'),
    crashAfterRequests: nth.optional().describe('The process dies when the so-manieth request begins.'),
    crashOnPrompt: z
      .string()
      .min(1)
      .optional()
      .describe('The process dies when a prompt contains this text.'),
    crashBy: z
      .enum(['SIGSEGV', 'SIGKILL', 'SIGABRT', 'exit'])
      .default('SIGSEGV')
      .describe('How it dies: by a signal, or by exit code 3.'),
    ignoreStop: z.boolean().default(false).describe('SIGTERM has no effect: only a kill ends it.'),
    orphanTimeoutMs: ms
      .min(1)
      .default(600_000)
      .describe('Ends itself when nobody asks for signs of life for this long and it has no work.'),
  })
  .refine((options) => options.exitDuringLoadTimes === 0 || options.startsFile !== undefined, {
    path: ['startsFile'],
    message: 'exitDuringLoadTimes needs a file to count in',
  });

export type FakeOptions = z.infer<typeof fakeOptions>;
