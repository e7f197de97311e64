import { z } from 'zod';
import { chatMessage } from './messages.ts';
import { maxTokens, samplingFields } from './sampling.ts';

const jsonSchema = z.union([z.record(z.string(), z.unknown()), z.boolean()], {
  error: 'a JSON Schema is an object',
});

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('text').describe('Anything.') }),
    z.strictObject({ type: z.literal('json_object').describe('Some JSON object.') }),
    z.strictObject({
      type: z.literal('json_schema').describe('JSON that fits a schema.'),
      json_schema: z
        .strictObject({
          name: z.string().min(1).max(64).describe('What it is.'),
          description: z.string().nullish().describe('For the model; of no effect here.'),
          schema: jsonSchema.optional().describe('The schema; any object when absent.'),
          strict: z.boolean().nullish().describe('Of no effect: the schema is always kept to.'),
        })
        .describe('The schema and its name.'),
    }),
  ],
  { error: 'type is "text", "json_object" or "json_schema"' },
);

const unused = (what: string): z.ZodOptional<z.ZodUnknown> => z.unknown().optional().describe(what);

/** `POST /v1/chat/completions`: every field OpenAI's API knows, so that what an engine lacks is refused by name. */
export const chatCompletionRequest = z.strictObject({
  ...samplingFields,
  model: z.string().min(1).max(512).describe('The deployment to ask.'),
  messages: z.array(chatMessage).min(1).max(100_000).describe('The conversation so far.'),
  max_tokens: maxTokens.describe('Older name of `max_completion_tokens`.'),
  max_completion_tokens: maxTokens,
  logprobs: z.boolean().nullish().describe('Add the log probability of every token written.'),
  top_logprobs: z
    .number()
    .int()
    .min(0)
    .max(20)
    .nullish()
    .describe('And of this many of the likeliest tokens in its place.'),
  response_format: responseFormat.nullish().describe('What the answer must look like.'),
  tools: z.array(z.unknown()).nullish().describe('Tools the model may call.'),
  tool_choice: unused('Which tool must be called.'),
  functions: z.array(z.unknown()).nullish().describe('Older form of `tools`.'),
  function_call: unused('Older form of `tool_choice`.'),
  audio: unused('How the answer should sound.'),
  modalities: z.array(z.string()).nullish().describe('Kinds of answer wanted; `["text"]`.'),
  prediction: unused('What the answer is expected to be.'),
  reasoning_effort: z.string().nullish().describe('How long the model should think.'),
  verbosity: z.string().nullish().describe('How much the model should say.'),
  web_search_options: unused('Look things up first.'),
  moderation: unused('Judge request and answer.'),
  store: z.boolean().nullish().describe('Only `false`: answers are not kept.'),
  service_tier: z.string().nullish().describe('Only `auto` or `default`.'),
  metadata: z.record(z.string(), z.unknown()).nullish().describe('Of no effect.'),
  parallel_tool_calls: z.boolean().nullish().describe('Of no effect without tools.'),
  prompt_cache_key: z.string().nullish().describe('Of no effect: prefixes are found by themselves.'),
  prompt_cache_options: unused('Of no effect: prefixes are found by themselves.'),
  prompt_cache_retention: z
    .string()
    .nullish()
    .describe('Of no effect: prefixes are kept while there is room.'),
  safety_identifier: z.string().nullish().describe('Of no effect here; identity comes from the key.'),
});

export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;
