import type { ServerResponse } from 'node:http';
import { problem, problemBody, type InferenceResponse, type Problem } from '#schema';
import type { ReplyHead } from '#contracts';
import type { AskListener, Chosen } from '#dispatch';
import { sendProblem } from '../http/exchange.ts';
import type { Pace } from '../http/pace.ts';
import { chatChunk, confidenceOf, logprobsOf, type Answer } from './answers.ts';
import { createEventReader } from './events.ts';

export interface InferenceStreamParts {
  readonly response: ServerResponse;
  readonly pace: Pace;
  readonly finish: (chosen: Chosen, answer: Answer) => InferenceResponse;
  /** Stops the replica: nobody wants the rest. */
  readonly stop: () => void;
  /** Hears a refusal of the engine instead of the client, with the whole body. */
  readonly refused: (refusal: { head: ReplyHead; chosen: Chosen; body: Buffer }) => void;
}

/** What has come so far. */
interface Gathered {
  text: string;
  finishReason: string | undefined;
  done: boolean;
  readonly logprobs: number[];
  usage: Answer['usage'];
}

/** Takes one chunk in; returns the piece of text it brought. */
function gather(gathered: Gathered, payload: string): string {
  const { choices, usage } = chatChunk.parse(JSON.parse(payload));
  gathered.usage = usage ?? gathered.usage;
  const choice = choices[0];
  if (choice === undefined) return '';
  gathered.finishReason = choice.finish_reason ?? gathered.finishReason;
  gathered.logprobs.push(...logprobsOf(choice));
  const delta = choice.delta?.content ?? choice.text ?? '';
  gathered.text += delta;
  return delta;
}

function toAnswer({ text, finishReason, logprobs, usage }: Gathered): Answer {
  const confidence = confidenceOf(logprobs);
  const answer = { predictions: [{ text, finish_reason: finishReason ?? 'stop' }], usage };
  return confidence === undefined ? answer : { ...answer, confidence };
}

function errorEvent(cause: Problem): string {
  return `data: ${JSON.stringify(problemBody(cause))}\n\n`;
}

const unreadable = problem('replica_failed', 'The replica answered something that cannot be read.');

/** Reads the engine's bytes and writes our events; false while the client does not keep up. */
function createTranslation(
  { pace, stop }: InferenceStreamParts,
  gathered: Gathered,
): (bytes: Uint8Array) => boolean {
  let flowing = true;
  let over = false;
  function close(event: string): void {
    over = true;
    pace.end(event);
    stop();
  }
  const read = createEventReader((payload) => {
    if (over) return;
    if (payload === '[DONE]') gathered.done = true;
    else if (payload.startsWith('{"error"')) close(`data: ${payload}\n\n`);
    else {
      const delta = gather(gathered, payload);
      if (delta !== '') flowing = pace.write(`data: ${JSON.stringify({ text: delta })}\n\n`);
    }
  });
  return (bytes) => {
    flowing = true;
    try {
      if (!over && !read(bytes)) close(errorEvent(unreadable));
    } catch {
      close(errorEvent(unreadable));
    }
    return flowing;
  };
}

/** A refusal is short: what is longer is cut. */
const refusalBytesMax = 65_536;

function createRefusal(refused: InferenceStreamParts['refused'], head: ReplyHead, chosen: Chosen) {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    received(bytes: Uint8Array): void {
      size += bytes.length;
      if (size <= refusalBytesMax) parts.push(bytes);
    },
    ended(): void {
      refused({ head, chosen, body: Buffer.concat(parts) });
    },
  };
}

function finishStream(parts: InferenceStreamParts, chosen: Chosen, gathered: Gathered): void {
  if (!gathered.done && gathered.finishReason === undefined) parts.pace.end(errorEvent(unreadable));
  else
    parts.pace.end(`data: ${JSON.stringify(parts.finish(chosen, toAnswer(gathered)))}\n\ndata: [DONE]\n\n`);
}

/**
 * Turns the engine's events into ours while they come: `{"text": "…"}` for each piece, then the whole answer as
 * `/v1/inference` gives it without `stream`, then `[DONE]`.
 */
export function createInferenceStream(parts: InferenceStreamParts): AskListener {
  const { response, pace } = parts;
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const gathered: Gathered = { text: '', finishReason: undefined, done: false, logprobs: [], usage };
  const translate = createTranslation(parts, gathered);
  let chosen: Chosen | undefined;
  let refusal: ReturnType<typeof createRefusal> | undefined;
  return {
    started(head, who) {
      chosen = who;
      if (head.status >= 400) {
        refusal = createRefusal(parts.refused, head, who);
        return;
      }
      response.setHeader('x-millrace-model', who.model);
      response.writeHead(head.status, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    },
    received(bytes) {
      if (refusal === undefined) return translate(bytes);
      refusal.received(bytes);
      return true;
    },
    ended() {
      if (refusal !== undefined) refusal.ended();
      else if (chosen !== undefined) finishStream(parts, chosen, gathered);
    },
    failed(cause) {
      if (response.headersSent) pace.end(errorEvent(cause));
      else sendProblem(response, cause);
    },
  };
}
