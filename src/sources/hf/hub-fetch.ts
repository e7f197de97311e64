import type { Problem } from '#schema';
import { ProblemError } from '#schema';
import { problemOfStatus, unavailable } from '../unavailable.ts';

export interface HubDeps {
  /** For example `https://huggingface.co`. */
  readonly hubUrl: string;
  /** Access token for private files. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** How long the hub may stay silent. */
  readonly idleMs: number;
}

/**
 * The `fetch` that the hub's library is given. The token is added here and to requests to the hub itself only:
 * the library never holds it, so it stands in none of its errors and goes to no other host. Refusals are ours,
 * because the library's name the whole address, signature and all.
 */
export function createHubFetch(deps: HubDeps, signal: AbortSignal): typeof fetch {
  const hub = new URL(deps.hubUrl);
  const send = deps.fetch ?? fetch;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    if (deps.token !== undefined && url.origin === hub.origin)
      headers.set('authorization', `Bearer ${deps.token}`);
    const response = await send(url, { ...init, headers, signal });
    const refusal = refusalOfResponse(response, headers.get('range'), `${url.origin}${url.pathname}`);
    if (!refusal) return response;
    await response.body?.cancel();
    throw new ProblemError(refusal);
  };
}

function refusalOfResponse(response: Response, range: string | null, where: string): Problem | undefined {
  if (response.status === 404 && response.headers.get('x-error-code') === 'EntryNotFound') return undefined;
  if (!response.ok) return problemOfStatus(response.status, where, response.headers.get('retry-after'));
  // The first question, for one byte, may be answered with facts about the file instead of the byte.
  const isPart = range === null || range === 'bytes=0-0' || response.status === 206;
  return isPart ? undefined : unavailable(`${where} sends the whole file where a part was asked for.`);
}
