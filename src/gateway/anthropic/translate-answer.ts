import type { MessagesResponse } from '#schema';
import type { ChatAnswer, ChatUsage } from './chat-answer.ts';

type Ending = Pick<MessagesResponse, 'stop_reason' | 'stop_sequence' | 'stop_details'>;

interface Ended {
  readonly finish_reason?: string | null | undefined;
  readonly stop_reason?: string | number | null | undefined;
}

const reasons: Readonly<Record<string, Ending['stop_reason']>> = {
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

const nothing = { stop_sequence: null, stop_details: null };

/**
 * Why an answer ended. Which stop string it was only some engines tell; where they do not, it looks like any end. A
 * call that was asked for by name ends with `stop` in OpenAI's dialect, and with the call in Anthropic's. Throws where it
 * did not end but broke, as some endpoints say it.
 */
export function translateEnding(ended: Ended, said: { refused: boolean; called: boolean }): Ending {
  const { finish_reason: reason, stop_reason: told } = ended;
  if (reason === 'error') throw new SyntaxError('The answer ended with an error.');
  if (said.refused) return { stop_reason: 'refusal', ...nothing };
  if (reason === 'stop' && typeof told === 'string')
    return { stop_reason: 'stop_sequence', ...nothing, stop_sequence: told };
  const otherwise = said.called ? 'tool_use' : 'end_turn';
  return { stop_reason: reasons[reason ?? 'stop'] ?? otherwise, ...nothing };
}

/** OpenAI counts what was cached among what was read, Anthropic beside it. */
export function translateUsage(usage: ChatUsage | null | undefined): MessagesResponse['usage'] {
  const read = usage?.prompt_tokens ?? 0;
  const cached = Math.min(read, usage?.prompt_tokens_details?.cached_tokens ?? 0);
  return {
    input_tokens: read - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage?.completion_tokens ?? 0,
  };
}

type Block = MessagesResponse['content'][number];

/** Throws where an engine gives a tool what is no JSON object. */
function toolInput(text: string): Record<string, unknown> {
  const input: unknown = text.trim() === '' ? {} : JSON.parse(text);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new SyntaxError('What a tool is given must be an object.');
  return Object.fromEntries(Object.entries(input));
}

/** What was written of it before `max_tokens` were reached; the reason tells its caller that it is not whole. */
function cutInput(text: string): Record<string, unknown> {
  try {
    return toolInput(text);
  } catch {
    return {};
  }
}

function contentOf({ message, finish_reason: reason }: ChatAnswer['choices'][number]): Block[] {
  const { content, refusal, tool_calls: calls } = message;
  const text = `${content ?? ''}${refusal ?? ''}`;
  const last = (calls ?? []).length - 1;
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...(calls ?? []).map(({ id, function: { name, arguments: given } }, at) => ({
      type: 'tool_use' as const,
      id,
      name,
      input: reason === 'length' && at === last ? cutInput(given) : toolInput(given),
    })),
  ];
}

/** A whole answer. Throws where it cannot be read. */
export function translateAnswer(
  answer: ChatAnswer,
  known: { readonly requestId: string; readonly model: string },
): MessagesResponse {
  const [choice] = answer.choices;
  if (choice === undefined) throw new SyntaxError('There is no choice in the answer.');
  const { refusal, tool_calls: calls } = choice.message;
  const said = {
    refused: typeof refusal === 'string' && refusal !== '',
    called: (calls ?? []).length > 0,
  };
  return {
    id: `msg_${known.requestId}`,
    type: 'message',
    role: 'assistant',
    model: answer.model ?? known.model,
    content: contentOf(choice),
    ...translateEnding(choice, said),
    usage: translateUsage(answer.usage),
  };
}
