import { z } from 'zod';

/** Prefixes are cached without being asked for, and for no promised time: a hint for five minutes costs nothing. */
export const cacheControl = z
  .strictObject({
    type: z.literal('ephemeral').describe('The only kind there is.'),
    ttl: z.enum(['5m', '1h']).optional().describe('Only `5m`: nothing is promised to stay for an hour.'),
  })
  .nullish()
  .describe('Accepted and of no effect: prefixes are cached anyway.');

const citations = z.unknown().optional().describe('Only null: nothing is cited here.');

export const textBlock = z.strictObject({
  type: z.literal('text').describe('A text.'),
  text: z.string().min(1, { abort: true }).describe('The text.'),
  cache_control: cacheControl,
  citations,
});

const imageSource = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('base64').describe('The image itself.'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']).describe('What it is.'),
      data: z.string().min(1).describe('Its bytes in base64.'),
    }),
    z.strictObject({
      type: z.literal('url').describe('Where the engine finds it.'),
      url: z.string().min(1).describe('Its address.'),
    }),
    z.looseObject({ type: z.literal('file').describe('Refused: there are no stored files here.') }),
  ],
  { error: 'a source is of type "base64" or "url"' },
);

const imageBlock = z.strictObject({
  type: z.literal('image').describe('An image.'),
  source: imageSource.describe('Where it comes from.'),
  cache_control: cacheControl,
});

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use').describe('The model called a tool.'),
  id: z.string().min(1).max(256).describe('Names the call.'),
  name: z.string().min(1).max(256).describe('The tool.'),
  input: z.record(z.string(), z.unknown()).describe('What the tool was given.'),
  cache_control: cacheControl,
  caller: z.unknown().optional().describe('As found in an answer; of no effect.'),
});

/** Blocks that the wire knows and OpenAI's dialect does not; refused by their type. */
const otherTypes = [
  'document',
  'search_result',
  'container_upload',
  'thinking',
  'redacted_thinking',
] as const;
const serverTypes = ['server_tool_use', 'web_search_tool_result', 'web_fetch_tool_result'] as const;
const otherBlock = z.looseObject({
  type: z.enum([...otherTypes, ...serverTypes]).describe('Refused by its name.'),
});

const resultPart = z.discriminatedUnion('type', [textBlock, imageBlock, otherBlock], {
  error: 'a part of a result is a block of type "text"',
});

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result').describe('What a tool answered; before all other blocks of its message.'),
  tool_use_id: z.string().min(1).max(256).describe('The call it answers.'),
  content: z
    .union([z.string(), z.array(resultPart)], { error: 'content is a text or a list of blocks' })
    .optional()
    .describe('The answer: text.'),
  is_error: z
    .boolean()
    .optional()
    .describe("The tool failed. OpenAI's dialect has no mark for it, so the model is told in words."),
  cache_control: cacheControl,
});

const blockError = 'type is one of "text", "image", "tool_use", "tool_result"';

export const userBlock = z.discriminatedUnion('type', [textBlock, imageBlock, toolResultBlock, otherBlock], {
  error: blockError,
});
export const assistantBlock = z.discriminatedUnion('type', [textBlock, toolUseBlock, otherBlock], {
  error: blockError,
});

export type TextBlock = z.infer<typeof textBlock>;
export type ImageBlock = z.infer<typeof imageBlock>;
export type ToolResultBlock = z.infer<typeof toolResultBlock>;
