import { z } from 'zod';

/** The parts of an engine's answer that become Anthropic's. Lenient: what else is there does not matter. */
const usage = z.object({
  prompt_tokens: z.number().default(0),
  completion_tokens: z.number().default(0),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

const ending = {
  finish_reason: z.string().nullish(),
  /** An extension that some engines have: the stop string that ended the answer. */
  stop_reason: z.union([z.string(), z.number()]).nullish(),
};

export const chatAnswer = z.object({
  model: z.string().optional(),
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
            )
            .nullish(),
        }),
        ...ending,
      }),
    )
    .min(1),
  usage: usage.nullish(),
});

export const chatChunk = z.object({
  choices: z.array(
    z.object({
      delta: z
        .object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                index: z.number().int().default(0),
                id: z.string().nullish(),
                function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
              }),
            )
            .nullish(),
        })
        .nullish(),
      ...ending,
    }),
  ),
  usage: usage.nullish(),
});

export type ChatAnswer = z.infer<typeof chatAnswer>;
export type ChatChunk = z.infer<typeof chatChunk>;
export type ChatUsage = z.infer<typeof usage>;
