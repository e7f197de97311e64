import type { ServerResponse } from 'node:http';
import { problem, problemBody, type InferenceResponse, type Problem } from '#schema';
import type { AskListener, Chosen } from '#dispatch';
import { sendProblem } from '../http/exchange.ts';
import { chatChunk, confidenceOf, logprobsOf, type Answer } from './answers.ts';
import { createEventReader } from './events.ts';

export interface InferenceStreamParts {
  readonly response: ServerResponse;
  readonly finish: (chosen: Chosen, answer: Answer) => InferenceResponse;
  readonly resume: () => void;
}

/** What has come so far. */
interface Gathered {
  text: string;
  finishReason: string;
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
  const answer = { predictions: [{ text, finish_reason: finishReason }], usage };
  return confidence === undefined ? answer : { ...answer, confidence };
}

function errorEvent(cause: Problem): string {
  return `data: ${JSON.stringify(problemBody(cause))}\n\n`;
}

/** Reads the engine's bytes and writes our events; false while the client does not keep up. */
function createTranslatedFlow(
  response: ServerResponse,
  gathered: Gathered,
  resume: () => void,
): (bytes: Uint8Array) => boolean {
  let flowing = true;
  response.on('drain', () => {
    flowing = true;
    resume();
  });
  const read = createEventReader((payload) => {
    if (payload === '[DONE]' || !response.writable) return;
    if (payload.startsWith('{"error"')) {
      response.end(`data: ${payload}\n\n`);
      return;
    }
    const delta = gather(gathered, payload);
    if (delta !== '') flowing = response.write(`data: ${JSON.stringify({ text: delta })}\n\n`);
  });
  return (bytes) => {
    try {
      if (!read(bytes))
        response.end(errorEvent(problem('replica_failed', 'An event of the replica is too long.')));
    } catch {
      response.end(
        errorEvent(problem('replica_failed', 'The replica answered something that cannot be read.')),
      );
    }
    return flowing;
  };
}

/**
 * Turns the engine's events into ours while they come: `{"text": "…"}` for each piece, then the whole answer as
 * `/v1/inference` gives it without `stream`, then `[DONE]`.
 */
export function createInferenceStream(parts: InferenceStreamParts): AskListener {
  const { response } = parts;
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const gathered: Gathered = { text: '', finishReason: 'stop', logprobs: [], usage };
  const flow = createTranslatedFlow(response, gathered, parts.resume);
  let chosen: Chosen | undefined;
  let passThrough = false;
  return {
    started(head, who) {
      chosen = who;
      passThrough = head.status >= 400;
      response.setHeader('x-millrace-model', who.model);
      response.setHeader('cache-control', 'no-cache');
      response.writeHead(head.status, {
        'content-type': passThrough ? 'application/json' : 'text/event-stream',
      });
    },
    received: (bytes) => (passThrough ? response.write(bytes) : flow(bytes)),
    ended() {
      if (!passThrough && response.writable && chosen !== undefined)
        response.write(
          `data: ${JSON.stringify(parts.finish(chosen, toAnswer(gathered)))}\n\ndata: [DONE]\n\n`,
        );
      response.end();
    },
    failed(cause) {
      if (response.headersSent && !passThrough) response.end(errorEvent(cause));
      else sendProblem(response, cause);
    },
  };
}
