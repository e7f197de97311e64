import type { IncomingMessage } from 'node:http';
import { boundedPriority, type EndpointPath, type Problem } from '#schema';
import type { Clock, Log, Result } from '#contracts';
import type { Ask, Dispatch } from '#dispatch';
import { collectBody } from '../http/body.ts';
import { missingScope, parseJson, sendProblem, type Identity } from '../http/exchange.ts';
import { isModelName, noModelName } from '../http/model-name.ts';
import { onwardHeaders, readWishes, type ReadHeader, type Wishes } from '../http/onward.ts';
import type { Reply } from '../http/reply.ts';
import { Relay } from './relay.ts';
import { scan, type Scanned } from './scan.ts';

export interface RequestsDeps {
  readonly dispatch: Dispatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodyBytesMax: number;
  readonly slowClientMs: number;
}

/** An OpenAI request on the hot path, its key already checked. */
interface Arrival {
  readonly response: Reply;
  readonly header: ReadHeader;
  readonly identity: Identity;
  readonly requestId: string;
  readonly endpoint: EndpointPath;
}

type Read = Scanned & { readonly model: string };

function namesModel(scanned: Scanned | undefined): scanned is Read {
  return isModelName(scanned?.model);
}

/** What a body asks for; where the scan cannot follow, the parser says what is wrong. */
function readBody(body: Buffer): Result<Read> {
  const scanned = scan(body);
  if (namesModel(scanned)) return { ok: true, value: scanned };
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  return { ok: false, problem: noModelName() };
}

function refuse({ response, requestId }: Arrival, cause: Problem): void {
  response.setHeader('x-request-id', requestId);
  sendProblem(response, cause);
}

/**
 * What is asked of dispatch. Written out field by field: an object put together by spreading is a dictionary of 3 KB
 * to V8, for every request.
 */
function toAsk(
  { requestId, identity, endpoint, header }: Arrival,
  body: Buffer,
  { read, wishes }: { readonly read: Read; readonly wishes: Wishes },
): Ask {
  return {
    requestId,
    tenant: identity.tenant,
    key: identity.key,
    priority: boundedPriority(wishes.priority, identity.priority),
    session: wishes.session ?? read.user,
    user: read.user,
    model: read.model,
    endpoint,
    body,
    modelFrom: read.modelFrom,
    modelTo: read.modelTo,
    promptFrom: read.promptFrom,
    promptTo: read.promptTo,
    stream: read.stream,
    maxTokens: read.maxTokens,
    answers: read.answers,
    headers: onwardHeaders(requestId, header),
    deadlineMs: wishes.deadlineMs,
  };
}

export interface Requests {
  /** Serves a request whose body is all there. */
  serve(arrival: Arrival, body: Buffer): void;
  /** Collects the body first. */
  receive(arrival: Arrival, request: IncomingMessage): void;
}

/** Serves chat, completions and embeddings: bytes in, bytes out. */
export function createRequests(deps: RequestsDeps): Requests {
  const { dispatch, clock, log } = deps;

  function serve(arrival: Arrival, body: Buffer): void {
    const { response, header, requestId, endpoint, identity } = arrival;
    const asked = readBody(body);
    const wished = readWishes(header);
    const refused = asked.ok ? wished : asked;
    if (!asked.ok || !wished.ok) {
      if (!refused.ok) refuse(arrival, refused.problem);
      return;
    }
    const { model } = asked.value;
    const arrivedMs = clock.monotonicMs();
    const relay = new Relay({
      response,
      requestId,
      clock,
      arrivedMs,
      slowClientMs: deps.slowClientMs,
      finished(status) {
        const durationMs = Math.round((clock.monotonicMs() - arrivedMs) * 1000) / 1000;
        log.info('request-finished', { requestId, endpoint, model, status, durationMs, key: identity.key });
      },
    });
    relay.attach(dispatch.submit(toAsk(arrival, body, { read: asked.value, wishes: wished.value }), relay));
  }

  return {
    serve,
    receive(arrival, request) {
      const forbidden = missingScope(arrival.identity, 'infer');
      if (forbidden !== undefined) {
        refuse(arrival, forbidden);
        return;
      }
      collectBody(request, deps.bodyBytesMax, (body) => {
        if (body.ok) serve(arrival, body.value);
        else if (body.problem.code !== 'client_closed_request') refuse(arrival, body.problem);
      });
    },
  };
}
