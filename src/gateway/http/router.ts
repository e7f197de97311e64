import { problem, type Problem, type Scope } from '#schema';
import type { Exchange } from './exchange.ts';

/** The named parts of a path, percent-decoded. */
export type PathParams = Readonly<Record<string, string>>;

/** Answers an exchange, or says why not. */
export type Handler = (exchange: Exchange, params: PathParams) => Promise<Problem | undefined>;

export interface Route {
  readonly method: string;
  /** Parts that begin with `:` match anything. */
  readonly pattern: string;
  /** What the key must be allowed to do; `undefined` where any valid key will do. */
  readonly scope: Scope | undefined;
  readonly handle: Handler;
}

export interface RouteMatch {
  readonly route: Route;
  readonly params: PathParams;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function matchPattern(pattern: readonly string[], parts: readonly string[]): PathParams | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const part = decoded(parts[index] ?? '');
    if (part === undefined || part === '') return undefined;
    if (wanted.startsWith(':')) params[wanted.slice(1)] = part;
    else if (wanted !== part) return undefined;
  }
  return params;
}

/** Finds the first route for a method and path; earlier lines of the table win. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch | { readonly problem: Problem; readonly allow: string } {
  const table = routes.map((route) => ({ route, pattern: route.pattern.split('/').slice(1) }));
  return (method, path) => {
    const parts = path.split('/').slice(1);
    const allowed = new Set<string>();
    for (const { route, pattern } of table) {
      const params = matchPattern(pattern, parts);
      if (params === undefined) continue;
      if (route.method === method) return { route, params };
      allowed.add(route.method);
    }
    const allow = [...allowed].join(', ');
    const refusal =
      allow === ''
        ? problem('not_found', `There is nothing under ${path}.`)
        : problem('method_not_allowed', `${path} takes ${allow}, not ${method}.`);
    return { problem: refusal, allow };
  };
}
