import { problemOf } from '#schema';
import type { NodeDeps } from '../deps.ts';
import { pause } from '../pause.ts';
import { advance } from '../replica/advance.ts';
import { ownReplicas } from '../replica/own.ts';

const lookMs = 250;

/** Gives every replica notice; true when none is left. */
async function giveNotice(deps: NodeDeps): Promise<boolean> {
  const replicas = await ownReplicas(deps);
  for (const replica of replicas)
    await advance(deps, replica, { event: 'unwanted', message: 'Its node is leaving.' });
  return replicas.length === 0;
}

/** Replicas drain as they do when fewer are wanted, and their loop takes them away. Ends early when all are gone. */
export async function drainAll(deps: NodeDeps, graceMs: number): Promise<void> {
  const untilMs = deps.clock.monotonicMs() + graceMs;
  const { signal } = new AbortController();
  try {
    while (!(await giveNotice(deps)) && deps.clock.monotonicMs() < untilMs)
      await pause(deps.clock, lookMs, signal);
  } catch (thrown) {
    // Without the store nobody can be told: they are stopped as they are.
    deps.log.error('node-not-drained', { message: problemOf(thrown).message });
  }
}
