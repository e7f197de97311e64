import { z } from 'zod';
import { assistantBlock, cacheControl, textBlock, userBlock } from './blocks.ts';

const textContent = z.union([z.string().min(1), z.array(textBlock).min(1)], {
  error: 'a text or a list of blocks of type "text"',
});

const message = z.discriminatedUnion(
  'role',
  [
    z.strictObject({
      role: z.literal('user').describe('Said to the model.'),
      content: z
        .union([z.string().min(1), z.array(userBlock).min(1)], { error: 'a text or a list of blocks' })
        .describe('What is said.'),
    }),
    z.strictObject({
      role: z.literal('assistant').describe('What the model said before.'),
      content: z
        .union([z.string().min(1), z.array(assistantBlock).min(1)], { error: 'a text or a list of blocks' })
        .describe('What was said.'),
    }),
    z.strictObject({
      role: z.literal('system').describe('Instructions in the midst of a conversation.'),
      content: textContent.describe('The instructions.'),
    }),
  ],
  { error: 'role is "user" or "assistant"' },
);

const tool = z.strictObject({
  type: z.string().nullish().describe('Only `custom`: tools that run at the provider are refused.'),
  name: z.string().min(1).max(256).describe('How the model calls it.'),
  description: z.string().optional().describe('What it does, for the model.'),
  input_schema: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of what it takes.'),
  strict: z.boolean().optional().describe('Calls must fit the schema.'),
  cache_control: cacheControl,
});

/** A tool of the provider: its own fields do not matter, since it is refused. */
const otherTool = z.looseObject({ type: z.string().regex(/_\d{8}$/), name: z.string() });

const oneAtATime = z.boolean().optional().describe('At most one call in an answer.');

const toolChoice = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('auto').describe('As it likes.'),
      disable_parallel_tool_use: oneAtATime,
    }),
    z.strictObject({ type: z.literal('any').describe('Some tool.'), disable_parallel_tool_use: oneAtATime }),
    z.strictObject({
      type: z.literal('tool').describe('This tool.'),
      name: z.string().min(1).describe('The tool.'),
      disable_parallel_tool_use: oneAtATime,
    }),
    z.strictObject({ type: z.literal('none').describe('No tool.') }),
  ],
  { error: 'type is "auto", "any", "tool" or "none"' },
);

const outputConfig = z.strictObject({
  effort: z
    .enum(['low', 'medium', 'high', 'xhigh', 'max'])
    .nullish()
    .describe('How hard the model should think; not `max`.'),
  format: z
    .strictObject({
      type: z.literal('json_schema').describe('JSON that fits a schema.'),
      schema: z.record(z.string(), z.unknown()).describe('The schema.'),
    })
    .nullish()
    .describe('What the answer must look like.'),
});

const refused = z.unknown().optional().describe('Refused by its name: there is nothing like it here.');

/** What a count of tokens and a request have in common. */
const prompt = {
  model: z.string().min(1).max(512).describe('The deployment to ask.'),
  messages: z
    .array(message)
    .min(1)
    .max(100_000)
    .describe('The conversation so far; the last is not the assistant’s.'),
  system: textContent.optional().describe('Instructions.'),
  tools: z
    .array(z.union([tool, otherTool]))
    .optional()
    .describe('Tools the model may call.'),
  tool_choice: toolChoice.optional().describe('Which tool must be called.'),
  output_config: outputConfig.optional().describe('How to answer.'),
  thinking: z
    .looseObject({ type: z.string() })
    .optional()
    .describe('Only `{"type": "disabled"}`: OpenAI’s dialect has no thinking blocks.'),
  cache_control: cacheControl,
  context_management: refused,
  mcp_servers: refused,
  speed: refused,
} as const;

/** `POST /v1/messages/count_tokens`. */
export const countTokensRequest = z.strictObject(prompt);

/** `POST /v1/messages`: every field the wire knows, so that what cannot be done is refused by name. */
export const messagesRequest = z.strictObject({
  ...prompt,
  max_tokens: z.number().int().min(1).max(10_000_000).describe('At most this many tokens are written.'),
  stop_sequences: z
    .array(z.string().min(1))
    .max(16)
    .optional()
    .describe('The answer ends before the first of these.'),
  stream: z.boolean().optional().describe('Send the answer as it is written.'),
  temperature: z.number().min(0).max(1).optional().describe('0 takes the likeliest token; 1 when absent.'),
  top_p: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Draw from the likeliest tokens that together have this probability.'),
  top_k: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Draw from this many of the likeliest tokens; handed on, engines without it refuse it.'),
  metadata: z
    .strictObject({
      user_id: z.string().max(512).nullish().describe('Of no effect here; handed on as `user`.'),
    })
    .optional()
    .describe('About the request.'),
  service_tier: z.enum(['auto', 'standard_only']).optional().describe('Handed on.'),
  container: refused,
  inference_geo: refused,
});

export type CountTokensRequest = z.infer<typeof countTokensRequest>;
export type MessagesRequest = z.infer<typeof messagesRequest>;
