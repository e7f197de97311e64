import type { Result } from '#contracts';
import { problem } from '#schema';

/** Without user, password and query: those are where addresses keep their secrets. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** `https:` anywhere; `http:` only to this machine, for tests and laboratories. */
export function parseAddress(uri: string): Result<URL> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url)))
    return { ok: true, value: url };
  const what = url ? `${shown(url)} is not allowed` : 'The address cannot be understood';
  const advice = 'use https:, or http: on a loopback address';
  return { ok: false, problem: problem('invalid_request', `${what}: ${advice}.`, { param: 'source' }) };
}

/** Where a redirect may lead. What is public never leads to this machine's own, unprotected services. */
export function parseRedirect(from: URL, location: string): Result<URL> {
  if (!URL.canParse(location, from.href)) return parseAddress(location);
  const to = new URL(location, from);
  const inward = isLoopback(to) && !isLoopback(from);
  if (!inward) return parseAddress(to.href);
  const message = `${shown(from)} redirects to this machine itself, which is not allowed.`;
  return { ok: false, problem: problem('source_unavailable', message) };
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}
