import { expect, test } from 'vitest';
import {
  createTraffic,
  noteArrival,
  noteBegun,
  noteDue,
  noteTaken,
  noteTook,
  noteTurn,
  readTraffic,
} from './traffic.ts';

test('the time that places are taken is summed, also while they still are', () => {
  const traffic = createTraffic();
  noteTaken(traffic, 1, 1000);
  noteTaken(traffic, 1, 1500);
  noteTaken(traffic, -1, 2000);
  // 500 ms of one place, 500 of two, and one that is taken until now.
  expect(readTraffic(traffic, { nowMs: 2100, running: 1, waiting: 0 })).toMatchObject({
    takenMs: 500 + 1000 + 100,
    inside: 1,
  });
  expect(readTraffic(traffic, { nowMs: 2200, running: 1, waiting: 0 }).takenMs).toBe(1700);
});

test('what is not predicted weighs as much as requests took before', () => {
  const traffic = createTraffic();
  expect(noteArrival(traffic, undefined)).toBe(0);
  noteTook(traffic, 400);
  expect(noteArrival(traffic, undefined)).toBe(400);
  expect(noteArrival(traffic, 100)).toBe(100);
  const waiting = readTraffic(traffic, { nowMs: 0, running: 0, waiting: 2 });
  expect(waiting).toMatchObject({ arrivedWorkMs: 500, waitingWorkMs: 500, inside: 2 });
  noteTurn(traffic, 400);
  expect(readTraffic(traffic, { nowMs: 0, running: 1, waiting: 1 }).waitingWorkMs).toBe(100);
  // Whatever was lost in rounding: where nobody waits, no work does.
  expect(readTraffic(traffic, { nowMs: 0, running: 2, waiting: 0 }).waitingWorkMs).toBe(0);
});

test('who is answered after more than the limit is late, and who never is as well', () => {
  const traffic = { ...createTraffic(), waitMs: 1000 };
  noteDue(traffic, 1000);
  noteDue(traffic, 1001);
  noteDue(traffic, Infinity);
  noteBegun(traffic, 250);
  expect(readTraffic(traffic, { nowMs: 0, running: 0, waiting: 0 })).toMatchObject({
    due: 3,
    late: 2,
    begun: 1,
    firstByteMs: 250,
  });
});
