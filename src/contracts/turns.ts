import type { Priority, TaskLane } from '#schema';

/** Whose turn: one tenant, beside the others of its lane and priority. */
export interface TurnOwner {
  readonly lane: TaskLane;
  readonly priority: Priority;
  readonly tenant: string;
}

/**
 * The order in which waiting tasks go: their ranks. Each process gives ranks by itself and tells the others; what it
 * has not heard yet makes the order a little less fair, and nothing else.
 */
export interface Turns {
  /** The rank of one more task that is ready. */
  take(task: TurnOwner & { readonly stride: number }): number;
  /** A task of this rank has been claimed. */
  reached(task: Pick<TurnOwner, 'lane' | 'priority'> & { readonly rank: number }): void;
  /** Somewhere else a tenant was given every turn up to this one. */
  learn(owner: TurnOwner, next: number): void;
}
