import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, problemBody, problems, sentJson, type Priority, type Problem, type Scope } from '#schema';
import type { Result } from '#contracts';
import { collectBody } from './body.ts';
import type { Reply } from './reply.ts';
import { withWait } from './retry-after.ts';

/** Who asks, as the key says; never taken from anything else in the request. */
export interface Identity {
  readonly key: string;
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The highest class that its requests may ask for. */
  readonly priority: Priority;
}

/** One HTTP request off the hot path, authenticated, with what every route needs. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestId: string;
  readonly identity: Identity;
  /** Whether the key still is good: what lasts long asks again from time to time. */
  readonly isValid: () => boolean;
}

/** `admin` may do everything, `write` may also read. */
export function missingScope(identity: Identity, wanted: Scope): Problem | undefined {
  const { scopes } = identity;
  const held = scopes.has(wanted) || scopes.has('admin') || (wanted === 'read' && scopes.has('write'));
  return held ? undefined : problem('forbidden', `The key "${identity.key}" lacks the scope "${wanted}".`);
}

/** Refuses a method, and says which ones the path takes. */
export function wrongMethod(
  { response, path }: Pick<Exchange, 'path'> & { readonly response: Reply },
  allow: string,
): Problem {
  response.setHeader('allow', allow);
  return problem('method_not_allowed', `${path} takes ${allow}.`);
}

const unreadMs = 60_000;

export function sendJson(response: Reply, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
  // A client that does not read its answer is not waited for for ever.
  if (response.writableLength > 0) response.setTimeout(unreadMs, () => response.destroy());
}

/** How a problem looks on a wire. */
export type ShowProblem = (cause: Problem) => { readonly status: number; readonly body: unknown };

const showPlain: ShowProblem = (cause) => ({
  status: problems[cause.code].status,
  body: problemBody(cause),
});

/** Answers with a problem; where the answer had begun already, cuts the connection so that nobody takes it for whole. */
export function sendProblem(response: Reply, given: Problem, show = showPlain): void {
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const cause = withWait(given);
  if (cause.retryAfterMs !== undefined)
    response.setHeader('retry-after', Math.max(1, Math.ceil(cause.retryAfterMs / 1000)));
  // A body we did not read would be taken for the next request of this connection.
  if (cause.code === 'payload_too_large' || cause.code === 'request_timeout')
    response.setHeader('connection', 'close');
  const { status, body } = show(cause);
  sendJson(response, status, body);
}

/** The whole body; see `collectBody`. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Result<Buffer>> {
  return new Promise((resolve) => {
    collectBody(request, limitBytes, resolve);
  });
}

/** RFC 1952: every gzip file begins so, and no JSON. */
function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON is UTF-8: anything else would be read as other words than were sent. */
export function parseJson(body: Buffer): Result<unknown> {
  const parsed = sentJson('The body', () => utf8.decode(body));
  if (parsed.ok || !isGzip(body)) return parsed;
  const message = 'The body is compressed, which is not read. Send it as it is.';
  return { ok: false, problem: problem('invalid_json', message) };
}

/** The body as JSON. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<Result<unknown>> {
  const body = await readBody(request, limitBytes);
  return body.ok ? parseJson(body.value) : body;
}
