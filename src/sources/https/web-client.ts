import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Result } from '#contracts';
import { ProblemError } from '#schema';
import { createPatientConnector } from './patient-connector.ts';
import { refusalOf, unavailable } from '../unavailable.ts';
import { parseRedirect, shown } from './web-address.ts';

type Answer = Dispatcher.ResponseData;

/** Follows redirects. Any status that is not one comes back; its body must be read or dropped. */
export type WebGet = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Result<Answer>>;

interface WebClientDeps {
  /** How long a connection may stay silent: while connecting, before the head, and between two pieces of the body. */
  readonly idleMs: number;
}

const redirectsMax = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

export function createWebGet({ idleMs }: WebClientDeps): WebGet {
  const agent = new Agent({
    connections: 16,
    connect: createPatientConnector(idleMs),
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
  });

  return async (start, headers, signal) => {
    let url = start;
    for (let hop = 0; hop <= redirectsMax; hop += 1) {
      const authorization = url.origin === start.origin ? credentialsOf(start) : {};
      const asked = { ...headers, ...authorization, 'accept-encoding': 'identity' };
      const { origin, pathname, search } = url;
      const path = `${pathname}${search}`;
      const answer = await agent.request({ origin, path, method: 'GET', headers: asked, signal });
      const location = headerOf(answer, 'location');
      if (!redirectStatuses.has(answer.statusCode) || location === undefined)
        return { ok: true, value: answer };
      dropBody(answer);
      const next = parseRedirect(url, location);
      if (!next.ok) return next;
      url = next.value;
    }
    return { ok: false, problem: unavailable(`${shown(start)} redirects more than ${redirectsMax} times.`) };
  };
}

/** As `get`, for callers that throw. */
export async function mustGet(get: WebGet, ...[url, headers, signal]: Parameters<WebGet>): Promise<Answer> {
  const answer = await get(url, headers, signal).catch((cause: unknown) => refusalOf(cause, shown(url)));
  if (!answer.ok) throw new ProblemError(answer.problem);
  return answer.value;
}

export function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Ends the connection instead of waiting for a body that nobody wants. */
export function dropBody(answer: Answer): void {
  answer.body.on('error', () => undefined);
  answer.body.destroy();
}

/** `https://user:password@host/…`: sent to that host only, never along a redirect to another. */
function credentialsOf(url: URL): Readonly<Record<string, string>> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
