import { z } from 'zod';
import type { InferenceResponse } from '#schema';

/** The parts of an engine's answer that `/v1/inference` translates. Lenient: what else is there does not matter. */
const usage = z.object({
  prompt_tokens: z.number().default(0),
  completion_tokens: z.number().default(0),
  total_tokens: z.number().default(0),
});
const tokenLogprob = z.object({ logprob: z.number() });

const chatAnswer = z.object({
  choices: z.array(
    z.object({
      message: z.object({ content: z.string().nullish() }),
      finish_reason: z.string().nullish(),
      logprobs: z.object({ content: z.array(tokenLogprob).nullish() }).nullish(),
    }),
  ),
  usage: usage.optional(),
});

const completionAnswer = z.object({
  choices: z.array(
    z.object({
      text: z.string(),
      finish_reason: z.string().nullish(),
      logprobs: z.object({ token_logprobs: z.array(z.number().nullable()).nullish() }).nullish(),
    }),
  ),
  usage: usage.optional(),
});

const embeddingAnswer = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()) })),
  usage: usage.optional(),
});

export const chatChunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).optional(),
      text: z.string().nullish(),
      finish_reason: z.string().nullish(),
      logprobs: z
        .object({
          content: z.array(tokenLogprob).nullish(),
          token_logprobs: z.array(z.number().nullable()).nullish(),
        })
        .nullish(),
    }),
  ),
  usage: usage.nullish(),
});

type ChunkChoice = z.infer<typeof chatChunk>['choices'][number];

/** Log probabilities of the tokens a chunk brought, in either dialect. */
export function logprobsOf({ logprobs }: ChunkChoice): number[] {
  const chat = logprobs?.content?.map((token) => token.logprob) ?? [];
  return [...chat, ...present(logprobs?.token_logprobs ?? [])];
}

export type Answer = Pick<InferenceResponse, 'predictions' | 'confidence' | 'usage'>;

const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

/** Geometric mean of probabilities: exp of the mean of their logarithms. Undefined without any. */
export function confidenceOf(logprobs: readonly number[]): number | undefined {
  if (logprobs.length === 0) return undefined;
  const mean = logprobs.reduce((sum, one) => sum + one, 0) / logprobs.length;
  return Math.round(Math.exp(mean) * 1e6) / 1e6;
}

function withConfidence(answer: Answer, logprobs: readonly number[]): Answer {
  const confidence = confidenceOf(logprobs);
  return confidence === undefined ? answer : { ...answer, confidence };
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function readChat(body: unknown): Answer {
  const { choices, usage: counted } = chatAnswer.parse(body);
  const predictions = choices.map(({ message, finish_reason: reason }) => ({
    text: message.content ?? '',
    finish_reason: reason ?? 'stop',
  }));
  const logprobs = choices.flatMap((choice) => choice.logprobs?.content?.map((token) => token.logprob) ?? []);
  return withConfidence({ predictions, usage: counted ?? nothing }, logprobs);
}

function readCompletion(body: unknown): Answer {
  const { choices, usage: counted } = completionAnswer.parse(body);
  const predictions = choices.map(({ text, finish_reason: reason }) => ({
    text,
    finish_reason: reason ?? 'stop',
  }));
  const logprobs = choices.flatMap((choice) => present(choice.logprobs?.token_logprobs ?? []));
  return withConfidence({ predictions, usage: counted ?? nothing }, logprobs);
}

function readEmbedding(body: unknown): Answer {
  const { data, usage: counted } = embeddingAnswer.parse(body);
  return { predictions: data.map(({ embedding }) => ({ embedding })), usage: counted ?? nothing };
}

export const answerReaders = {
  chat: readChat,
  completion: readCompletion,
  embedding: readEmbedding,
} as const;
