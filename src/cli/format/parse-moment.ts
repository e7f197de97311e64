import { momentOf } from '#schema';
import { durationMsOf } from './parse-duration.ts';

/** A time such as `2026-11-20T10:00Z`, or how long ago: `90m`, `2d`. Milliseconds since the epoch, or undefined. */
export function momentMsOf(text: string, nowMs: number): number | undefined {
  const agoMs = durationMsOf(text);
  return agoMs === undefined ? momentOf(text) : Math.max(0, nowMs - agoMs);
}
