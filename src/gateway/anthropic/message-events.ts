import type { MessagesResponse } from '#schema';
import type { StreamTranslation } from '../replies/translated-stream.ts';
import { chatChunk, type ChatChunk } from './chat-answer.ts';
import { errorEvent, passBroken } from './refusal.ts';
import { translateEnding, translateUsage } from './translate-answer.ts';

type Choice = ChatChunk['choices'][number];
type ToolDelta = NonNullable<NonNullable<Choice['delta']>['tool_calls']>[number];

/** Where a stream stands. */
interface Progress {
  /** The block that is open: text, or the call with this index of the engine's. */
  open: 'text' | number | undefined;
  /** Blocks begun so far; the open one has the index before this. */
  blocks: number;
  /** The highest index of a call so far, and what that call is named. */
  calls: number;
  callId: string | undefined;
  refused: boolean;
  ending: ReturnType<typeof translateEnding> | undefined;
  usage: MessagesResponse['usage'];
  done: boolean;
}

function say(type: string, body: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`;
}

function close(progress: Progress): string {
  if (progress.open === undefined) return '';
  progress.open = undefined;
  return say('content_block_stop', { index: progress.blocks - 1 });
}

function begin(progress: Progress, open: 'text' | number, block: object): string {
  const before = close(progress);
  progress.open = open;
  progress.blocks += 1;
  return before + say('content_block_start', { index: progress.blocks - 1, content_block: block });
}

function delta(progress: Progress, body: object): string {
  return say('content_block_delta', { index: progress.blocks - 1, delta: body });
}

function text(progress: Progress, piece: string): string {
  if (piece === '') return '';
  const before = progress.open === 'text' ? '' : begin(progress, 'text', { type: 'text', text: '' });
  return before + delta(progress, { type: 'text_delta', text: piece });
}

/** Some engines give every call the same index: another id is another call. */
function isNext({ calls, callId }: Progress, { index, id }: ToolDelta): boolean {
  return index > calls || (index === calls && typeof id === 'string' && id !== '' && id !== callId);
}

/** One piece of a call. Throws where it belongs to one that has ended or was never named. */
function call(progress: Progress, piece: ToolDelta): string {
  const { index, id, function: called } = piece;
  let out = '';
  if (progress.open !== index || isNext(progress, piece)) {
    const name = called?.name;
    if (!isNext(progress, piece) || typeof id !== 'string' || typeof name !== 'string')
      throw new SyntaxError('A piece of a call that is not open.');
    progress.calls = index;
    progress.callId = id;
    out = begin(progress, index, { type: 'tool_use', id, name, input: {} });
  }
  const given = called?.arguments ?? '';
  return given === '' ? out : out + delta(progress, { type: 'input_json_delta', partial_json: given });
}

function saidOf({ refused, calls }: Progress): { refused: boolean; called: boolean } {
  return { refused, called: calls >= 0 };
}

function take(progress: Progress, choice: Choice): string {
  const { content, refusal, tool_calls: calls } = choice.delta ?? {};
  if (typeof refusal === 'string' && refusal !== '') progress.refused = true;
  let out = text(progress, `${content ?? ''}${refusal ?? ''}`);
  for (const piece of calls ?? []) out += call(progress, piece);
  if (typeof choice.finish_reason !== 'string') return out;
  progress.ending = translateEnding(choice, saidOf(progress));
  return out + close(progress);
}

function end(progress: Progress): string | undefined {
  const { ending, usage, done } = progress;
  if (ending === undefined && !done) return undefined;
  const stop = ending ?? translateEnding({}, saidOf(progress));
  return close(progress) + say('message_delta', { delta: stop, usage }) + say('message_stop', {});
}

/**
 * The engine's chunks as Anthropic's events. A block is open until the next begins or the answer ends; what it cost
 * is known to the engine, and told, only at the end.
 */
export function createMessageEvents(known: {
  readonly requestId: string;
  readonly model: string;
}): StreamTranslation {
  const { requestId, model } = known;
  const usage = translateUsage(undefined);
  const progress: Progress = {
    open: undefined,
    blocks: 0,
    calls: -1,
    callId: undefined,
    refused: false,
    ending: undefined,
    usage,
    done: false,
  };
  const unended = { stop_reason: null, stop_sequence: null, stop_details: null };
  const message = { type: 'message', role: 'assistant', model, content: [], ...unended };
  return {
    begin: () =>
      say('message_start', {
        message: { id: `msg_${requestId}`, ...message, usage },
      }) + say('ping', {}),
    event(payload) {
      if (payload === '[DONE]') {
        progress.done = true;
        return '';
      }
      const chunk = chatChunk.parse(JSON.parse(payload));
      if (chunk.usage !== undefined && chunk.usage !== null) progress.usage = translateUsage(chunk.usage);
      const [choice] = chunk.choices;
      return choice === undefined ? '' : take(progress, choice);
    },
    end: () => end(progress),
    broken: (payload) => passBroken(payload, requestId),
    failed: (cause) => errorEvent(cause, requestId),
  };
}
