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
 * call that was asked for by name ends with `stop` in OpenAI's dialect, and with the call in Anthropic's.
 */
export function translateEnding(ended: Ended, said: { refused: boolean; called: boolean }): Ending {
  if (said.refused) return { stop_reason: 'refusal', ...nothing };
  const { finish_reason: reason, stop_reason: told } = ended;
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

function contentOf({
  content,
  refusal,
  tool_calls: calls,
}: ChatAnswer['choices'][number]['message']): Block[] {
  const text = `${content ?? ''}${refusal ?? ''}`;
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...(calls ?? []).map(({ id, function: { name, arguments: given } }) => ({
      type: 'tool_use' as const,
      id,
      name,
      input: toolInput(given),
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
    content: contentOf(choice.message),
    ...translateEnding(choice, said),
    usage: translateUsage(answer.usage),
  };
}
