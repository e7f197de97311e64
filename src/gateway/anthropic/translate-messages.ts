import type { ChatMessage, ImageBlock, MessagesRequest, TextBlock, ToolResultBlock } from '#schema';
import { invalid, unsupported } from './unsupported.ts';

type Message = MessagesRequest['messages'][number];
type UserBlock = Exclude<Extract<Message, { role: 'user' }>['content'], string>[number];
type AssistantBlock = Exclude<Extract<Message, { role: 'assistant' }>['content'], string>[number];
type ResultBlock = Exclude<ToolResultBlock['content'], string | undefined>[number];
type Content = NonNullable<ChatMessage['content']>;
type Part = Exclude<Content, string>[number];

/** OpenAI's dialect has no mark for a tool that failed: the model is told in words, before what the tool said. */
export const toolFailed = 'The tool failed:';

function refuseCaching(block: TextBlock | ImageBlock | ToolResultBlock, at: string): void {
  if (block.cache_control?.ttl === '1h')
    throw unsupported(
      `${at}.cache_control.ttl`,
      'Nothing is promised to stay cached for an hour. Leave "ttl" out.',
    );
}

function textPart(block: TextBlock, at: string): Part {
  refuseCaching(block, at);
  if (block.citations !== undefined && block.citations !== null)
    throw unsupported(`${at}.citations`, 'Citations are not supported.');
  return { type: 'text', text: block.text };
}

function imagePart(block: ImageBlock, at: string): Part {
  refuseCaching(block, at);
  const { source } = block;
  if (source.type === 'file') throw unsupported(`${at}.source.type`, 'There are no stored files here.');
  const url = source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;
  return { type: 'image_url', image_url: { url } };
}

function unknownBlock({ type }: { readonly type: string }, at: string): Error {
  return unsupported(`${at}.type`, `Blocks of type "${type}" are not supported.`);
}

function saidPart(block: UserBlock, at: string): Part {
  if (block.type === 'text') return textPart(block, at);
  if (block.type === 'image') return imagePart(block, at);
  if (block.type === 'tool_result')
    throw invalid(at, 'Blocks of type "tool_result" come before all others of their message.');
  throw unknownBlock(block, at);
}

function resultPart(block: ResultBlock, at: string): Part {
  if (block.type === 'text') return textPart(block, at);
  if (block.type === 'image')
    throw unsupported(at, 'What a tool answers is text in the dialect of the engines: no images.');
  throw unknownBlock(block, at);
}

function resultContent({ content = '', is_error: isError }: ToolResultBlock, at: string): Content {
  if (typeof content === 'string') return isError === true ? `${toolFailed}\n${content}` : content;
  const parts = content.map((block, index) => resultPart(block, `${at}.content[${index}]`));
  const told: readonly Part[] = isError === true ? [{ type: 'text', text: toolFailed }] : [];
  return parts.length + told.length === 0 ? '' : [...told, ...parts];
}

function returned(block: ToolResultBlock, at: string): ChatMessage {
  refuseCaching(block, at);
  return { role: 'tool', tool_call_id: block.tool_use_id, content: resultContent(block, at) };
}

/** Results of tools are messages of their own in OpenAI's dialect, and come first. */
function translateUser(content: string | readonly UserBlock[], at: string): readonly ChatMessage[] {
  if (typeof content === 'string') return [{ role: 'user', content }];
  const messages: ChatMessage[] = [];
  const parts: Part[] = [];
  for (const [index, block] of content.entries()) {
    const place = `${at}.content[${index}]`;
    if (block.type === 'tool_result' && parts.length === 0) messages.push(returned(block, place));
    else parts.push(saidPart(block, place));
  }
  return parts.length === 0 ? messages : [...messages, { role: 'user', content: parts }];
}

function translateAssistant(content: string | readonly AssistantBlock[], at: string): ChatMessage {
  if (typeof content === 'string') return { role: 'assistant', content };
  const parts: Part[] = [];
  const calls: object[] = [];
  for (const [index, block] of content.entries()) {
    const place = `${at}.content[${index}]`;
    if (block.type === 'tool_use') {
      const { id, name, input } = block;
      calls.push({ id, type: 'function', function: { name, arguments: JSON.stringify(input) } });
    } else if (block.type !== 'text') throw unknownBlock(block, place);
    else if (calls.length > 0)
      throw unsupported(place, 'Text behind a call of a tool has no place in the dialect of the engines.');
    else parts.push(textPart(block, place));
  }
  return {
    role: 'assistant',
    content: parts.length === 0 ? null : parts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function translateMessage(message: Message, at: string): readonly ChatMessage[] {
  if (message.role === 'user') return translateUser(message.content, at);
  if (message.role === 'assistant') return [translateAssistant(message.content, at)];
  return [translateSystem(message.content, at)];
}

function translateSystem(content: string | readonly TextBlock[], at: string): ChatMessage {
  if (typeof content === 'string') return { role: 'system', content };
  return { role: 'system', content: content.map((block, index) => textPart(block, `${at}[${index}]`)) };
}

/** The conversation in OpenAI's dialect. Throws, by name, for what that dialect cannot say. */
export function translateMessages({
  system,
  messages,
}: Pick<MessagesRequest, 'system' | 'messages'>): ChatMessage[] {
  if (messages.at(-1)?.role === 'assistant')
    throw unsupported(
      `messages[${messages.length - 1}]`,
      'The last message is the assistant’s: going on from it is not supported. End with a message of the user.',
    );
  return [
    ...(system === undefined ? [] : [translateSystem(system, 'system')]),
    ...messages.flatMap((message, index) => translateMessage(message, `messages[${index}]`)),
  ];
}
