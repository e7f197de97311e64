import { z } from 'zod';

const count = z.number().int().min(0);

const usage = z.strictObject({
  input_tokens: count.describe('Tokens read and not found in the cache.'),
  cache_creation_input_tokens: count.describe('Always 0: what is cached is not counted apart.'),
  cache_read_input_tokens: count.describe('Tokens found in the cache.'),
  output_tokens: count.describe('Tokens written.'),
});

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text').describe('A text.'), text: z.string().describe('The text.') }),
  z.strictObject({
    type: z.literal('tool_use').describe('A call of a tool.'),
    id: z.string().describe('Names the call.'),
    name: z.string().describe('The tool.'),
    input: z.record(z.string(), z.unknown()).describe('What it is given.'),
  }),
]);

/** The answer of `POST /v1/messages` without `stream`. */
export const messagesResponse = z.strictObject({
  id: z.string().describe('Made from the request id.'),
  type: z.literal('message').describe('Always this.'),
  role: z.literal('assistant').describe('Always this.'),
  model: z.string().describe('The model, as the engine names it.'),
  content: z.array(block).describe('Text first, then calls.'),
  stop_reason: z
    .enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'refusal'])
    .describe('Why it ended; `stop_sequence` where the engine tells which one it was, else `end_turn`.'),
  stop_sequence: z.string().nullable().describe('The one that ended it.'),
  stop_details: z.null().describe('Always null: engines do not tell more.'),
  usage: usage.describe('What it cost.'),
});

export type MessagesResponse = z.infer<typeof messagesResponse>;
