/** What clients were told and what they saw, while things broke. */
export interface History {
  /** Every answer to a submission, in order: the same key may have been handed in again after a lost answer. */
  readonly acknowledged: { readonly key: string; readonly id: string }[];
  /** Ends of tasks, each time one was looked at. */
  readonly ends: { readonly id: string; readonly end: string }[];
  /** Deliveries to the webhook. */
  readonly deliveries: { readonly id: string; readonly delivery: string; readonly type: string }[];
  /** Writes that were acknowledged, by key, in order. */
  readonly writes: { readonly key: string; readonly value: number }[];
  /** What watchers were told of keys, in order; each connection for itself. */
  readonly watched: { readonly connection: number; readonly key: string; readonly value: number }[];
  /** Refusals that no fault explains. */
  readonly unexpected: string[];
  answered: number;
  refused: number;
  /** The longest time between two answers, whichever gateway gave them. */
  longestGapMs: number;
}

export function createHistory(): History {
  return {
    acknowledged: [],
    ends: [],
    deliveries: [],
    writes: [],
    watched: [],
    unexpected: [],
    answered: 0,
    refused: 0,
    longestGapMs: 0,
  };
}

/** What the platform has in the end. */
export interface Remains {
  /** Every task it has, by id: its state, with when it ended. */
  readonly tasks: ReadonlyMap<string, string>;
  /** The values that the audit log has for each key, oldest first. */
  readonly audit: ReadonlyMap<string, readonly number[]>;
}
