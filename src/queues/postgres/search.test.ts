import { expect, it } from 'vitest';
import type { Query } from '#postgres';
import { createTaskTurns } from '../../../test/conformance/turns.ts';
import { createFrontier } from './frontier.ts';
import { createSearch } from './search.ts';

/** A server of our own making: it answers when it is told to, and time passes meanwhile. */
function createStage() {
  const asked: string[] = [];
  const told: string[] = [];
  const frontier = createFrontier();
  let nowMs = 0;
  let answer: ((rows: readonly object[]) => void) | undefined;
  const server = {
    async ask({ name = '', values = [] }: Query) {
      const [, , , , , , fromRanks] = values;
      const isAll = name === 'tasks-claim' && Array.isArray(fromRanks) && fromRanks.every((rank) => rank < 0);
      asked.push(isAll ? 'everything' : name);
      // Looking at everything is slow here.
      if (isAll) nowMs += 500;
      if (name !== 'tasks-behind') return Promise.resolve([]);
      return new Promise<readonly object[]>((resolve) => {
        answer = resolve;
      });
    },
    atomically: () => Promise.reject(new Error('not asked here')),
    close: () => Promise.resolve(),
  };
  const channel = { reached: () => undefined, more: (lane: string) => void told.push(lane) };
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const search = createSearch({ server, clock, turns: createTaskTurns(), frontier, channel });
  const wanted = { lane: 'request', worker: 'w', leaseMs: 1000, count: 10 } as const;
  return {
    asked,
    told,
    frontier,
    claim: () => search(wanted),
    pass: (ms: number) => void (nowMs += ms),
    answer: (rows: readonly object[]) => answer?.(rows),
  };
}

it('what is slow to look through is looked through beside claims, once at a time and seldom', async () => {
  const { asked, told, frontier, claim, pass, answer } = createStage();
  const ahead = { lane: 'request', priority: 'standard', rank: 100 } as const;
  frontier.claimed([Object({ ...ahead })]);
  const standardAt = frontier.from('request').indexOf(100);
  await claim();
  expect(asked.splice(0)).toEqual(['tasks-claim', 'everything']);
  // It took 500 ms: for twenty times as long nobody looks again.
  pass(9000);
  await claim();
  expect(asked.splice(0)).toEqual(['tasks-claim']);
  pass(1000);
  await claim();
  await claim();
  expect(asked.splice(0)).toEqual(['tasks-claim', 'tasks-behind', 'tasks-claim']);
  answer([{ band: standardAt, rank: 7 }]);
  await expect.poll(() => told).toEqual(['request']);
  expect(frontier.from('request')[standardAt]).toBe(7);
});
