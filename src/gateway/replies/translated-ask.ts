import assert from 'node:assert/strict';
import { boundedPriority, type EndpointPath, type Problem } from '#schema';
import type { Clock, Log, Result } from '#contracts';
import type { AskListener, Dispatch, Ticket } from '#dispatch';
import type { Exchange } from '../http/exchange.ts';
import { refusalTiming } from '../http/server-timing.ts';
import { headersOf, onwardHeaders, type Wishes } from '../http/onward.ts';
import { Pace } from '../http/pace.ts';
import { scan } from '../openai/scan.ts';
import { collectReply, type Reply } from './collect-reply.ts';
import { createTranslatedStream, type StreamTranslation } from './translated-stream.ts';

/** What a dialect that is translated needs of the gateway. */
export interface TranslatingDeps {
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodyBytesMax: number;
  readonly slowClientMs: number;
}

/** A client's request, already in the engine's dialect. */
export interface TranslatedAsk {
  readonly exchange: Exchange;
  readonly wishes: Wishes;
  readonly endpoint: EndpointPath;
  readonly model: string;
  readonly body: Buffer;
}

function submit(dispatch: Dispatch, asked: TranslatedAsk, listener: AskListener): Ticket {
  const { exchange, wishes, endpoint, model, body } = asked;
  const { requestId, identity, response } = exchange;
  const scanned = scan(body);
  assert(scanned !== undefined, 'what we wrote ourselves can be scanned');
  const { user, modelFrom, modelTo, promptFrom, promptTo, stream, maxTokens, answers } = scanned;
  const ticket = dispatch.submit(
    {
      requestId,
      tenant: identity.tenant,
      key: identity.key,
      ...wishes,
      priority: boundedPriority(wishes.priority, identity.priority),
      session: wishes.session ?? user,
      user,
      model,
      endpoint,
      body,
      modelFrom,
      modelTo,
      promptFrom,
      promptTo,
      stream,
      maxTokens,
      answers,
      headers: onwardHeaders(requestId, headersOf(exchange.request)),
    },
    listener,
  );
  response.once('close', () => {
    if (!response.writableFinished) ticket.cancel();
  });
  return ticket;
}

/** Says how long it took to refuse, counted from now; to be called before the refusal is sent. */
function timeRefusal({ clock }: TranslatingDeps, response: Exchange['response']): () => void {
  const askedMs = clock.monotonicMs();
  return () => {
    if (!response.headersSent)
      response.setHeader('server-timing', refusalTiming(clock.monotonicMs() - askedMs));
  };
}

/** Asks for a whole answer. `done` is called once, unless the client left before. */
export function askWhole(
  deps: TranslatingDeps,
  asked: TranslatedAsk,
  done: (collected: Result<Reply>) => void,
): void {
  let ticket: Ticket | undefined;
  const refused = timeRefusal(deps, asked.exchange.response);
  const collected = collectReply(
    () => ticket?.cancel(),
    (reply) => {
      if (!reply.ok) refused();
      done(reply);
    },
  );
  ticket = submit(deps.dispatch, asked, collected);
}

export interface StreamParts {
  readonly translation: StreamTranslation;
  /** Hears a refusal of the engine instead of the client, with the whole body. */
  readonly refused: (reply: Reply) => void;
  /** Answers with a problem when nothing was sent yet. */
  readonly sendProblem: (response: Exchange['response'], cause: Problem) => void;
}

/** Asks for a stream and carries it to the client in its own dialect. */
export function askStream(deps: TranslatingDeps, asked: TranslatedAsk, parts: StreamParts): void {
  let ticket: Ticket | undefined;
  const { response } = asked.exchange;
  const stop = (): void => ticket?.cancel();
  const { clock, slowClientMs } = deps;
  const source = { resume: () => ticket?.resume() };
  const pace = new Pace({ response, clock, slowClientMs, source });
  const refused = timeRefusal(deps, response);
  const sendProblem: StreamParts['sendProblem'] = (to, cause) => {
    refused();
    parts.sendProblem(to, cause);
  };
  const translated = createTranslatedStream({ ...parts, sendProblem, response, pace, stop });
  ticket = submit(deps.dispatch, asked, translated);
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** One line in the log when the exchange is over, however it ended. */
export function logEnd(
  { clock, log }: TranslatingDeps,
  { requestId, response, identity }: Exchange,
  facts: { readonly endpoint: string; readonly model: string },
): void {
  const startedMs = clock.monotonicMs();
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : 499;
    const durationMs = roundMs(clock.monotonicMs() - startedMs);
    log.info('request-finished', { requestId, ...facts, status, durationMs, key: identity.key });
  });
}
