import type { Lane } from './job.ts';
import type { Route } from './route.ts';

/** How many of those who wait go together now, or when to ask again at the latest. */
export type Gathered =
  | { readonly kind: 'go'; readonly count: number }
  | { readonly kind: 'later'; readonly untilMs: number };

const one: Gathered = { kind: 'go', count: 1 };

/** Whether requests of this route are gathered into batches at all: then none is sent past those who wait. */
export function isBatched(_route: Route): boolean {
  return false;
}

/** Asked while something waits and a place is free. Language engines batch by themselves, one goes at a time. */
export function gather(_lane: Lane, _route: Route, _nowMs: number): Gathered {
  return one;
}
