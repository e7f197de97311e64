import { problem, type Problem } from '#schema';
import type { Slot } from '../slot.ts';

const credentialsRefused = problem(
  'replica_failed',
  'The endpoint behind this deployment refused our credentials.',
);
const redirected = problem(
  'replica_failed',
  'The endpoint behind this deployment answered with a redirect, which is not followed. Its `url` must be where that leads.',
);

/** What an endpoint says about our key, or that it wants one, is no business of our caller, who has another. */
export function refusesKey({ headers }: Slot, status: number): boolean {
  return status === 401 || (status === 403 && headers.length > 0);
}

/** Why an answer is none for the caller, who can do nothing about it; undefined for all others. */
export function unfitness(slot: Slot, status: number): Problem | undefined {
  if (refusesKey(slot, status)) return credentialsRefused;
  return status >= 300 && status < 400 ? redirected : undefined;
}

/** Whether an answer speaks against its replica. A caller's own mistake does not. */
export function isFailure(slot: Slot, status: number): boolean {
  return status >= 500 || unfitness(slot, status) !== undefined;
}
