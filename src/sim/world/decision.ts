import type { Reason } from '#policies';

/** What the platform decided, in the order in which it did: equal logs are equal behaviour. */
export type Decision =
  | { readonly atMs: number; readonly kind: 'send'; readonly request: number; readonly replica: string }
  | { readonly atMs: number; readonly kind: 'refuse'; readonly request: number; readonly code: string }
  | {
      readonly atMs: number;
      readonly kind: 'scale';
      readonly from: number;
      readonly to: number;
      readonly reason: Reason;
    };

/** One line of the decision log. Moments in microseconds, so that they are whole and texts are equal. */
export function decisionLine({ atMs, ...rest }: Decision): string {
  return JSON.stringify({ us: Math.round(atMs * 1000), ...rest });
}
