import { problem } from '#schema';
import { peekNext, withdraw } from '#policies';
import { disarm, type Job, type Lane } from '../job.ts';
import type { Floor } from './floor.ts';
import { enter } from './enter.ts';
import { fail } from './settle.ts';
import { keepWaiting } from './wait.ts';

const nobodyWaits = problem(
  'model_unavailable',
  'The version that was to be compared takes no more requests.',
);

function waits({ entry }: Job): boolean {
  return entry?.waits === true;
}

/**
 * A version takes no more requests: those that wait for it wait for the other version of their deployment. What nobody
 * waits for ends.
 */
export function rehome(floor: Floor, from: Lane, to: Lane): void {
  for (let entry = peekNext(from.order); entry !== undefined; entry = peekNext(from.order)) {
    const route = floor.directory.at(to.key);
    if (route === undefined) return;
    const job = entry.item;
    if (job.isCopy) {
      fail(floor, job, nobodyWaits);
      continue;
    }
    withdraw(from.order, entry);
    disarm(job);
    job.entry = undefined;
    job.lane = to;
    enter(floor, job, route);
    // It came long ago, and has waited since.
    if (waits(job)) keepWaiting(floor, job);
  }
}
