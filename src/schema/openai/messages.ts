import { z } from 'zod';

const textPart = z.strictObject({
  type: z.literal('text').describe('A text.'),
  text: z.string().describe('The text.'),
  prompt_cache_breakpoint: z
    .unknown()
    .optional()
    .describe('Accepted and of no effect: prefixes are cached anyway.'),
});

/** Parts that the dialect knows; an engine that cannot read one refuses it by its type. */
const otherPart = z.looseObject({
  type: z
    .enum(['image_url', 'input_audio', 'file', 'refusal', 'video_url', 'audio_url'])
    .describe('Not text.'),
});

const content = z.union(
  [
    z.string(),
    z.array(z.union([textPart, otherPart], { error: 'a part is {"type": "text", "text": …}' })).min(1),
  ],
  { error: 'content is a text or a list of parts such as {"type": "text", "text": …}' },
);

const name = z
  .string()
  .max(256)
  .nullish()
  .describe('Tells participants of one role apart; the template may use it.');

const said = z.strictObject({
  role: z.enum(['system', 'developer', 'user']).describe('Who says it.'),
  content: content.describe('What is said.'),
  name,
});

const answered = z.strictObject({
  role: z.literal('assistant').describe('What the model said before.'),
  content: content.nullish().describe('What was said.'),
  name,
  refusal: z.string().nullish().describe('A refusal the model gave.'),
  audio: z.unknown().optional().describe('Audio the model gave.'),
  tool_calls: z.array(z.unknown()).nullish().describe('Tools the model called.'),
  function_call: z.unknown().optional().describe('The function the model called.'),
  annotations: z.array(z.unknown()).nullish().describe('As found in an answer; of no effect.'),
});

const returned = z.strictObject({
  role: z.enum(['tool', 'function']).describe('What a tool answered.'),
  content: content.describe('The answer.'),
  name,
  tool_call_id: z.string().nullish().describe('The call it answers.'),
});

export const chatMessage = z.discriminatedUnion('role', [said, answered, returned], {
  error: 'role is one of "system", "developer", "user", "assistant", "tool"',
});

export type ChatMessage = z.infer<typeof chatMessage>;
