import { expect, test } from 'vitest';
import { createVirtualClock } from './virtual-clock.ts';

test('timers fire at their moment, also those that timers set', () => {
  const clock = createVirtualClock();
  const told: string[] = [];
  clock.setTimer(10, () => {
    told.push(`first at ${clock.monotonicMs()}`);
    clock.setTimer(5, () => told.push(`second at ${clock.monotonicMs()}`));
  });
  clock.runUntil(12);
  expect(told).toEqual(['first at 10']);
  expect(clock.monotonicMs()).toBe(12);
  clock.runUntil(100);
  expect(told).toEqual(['first at 10', 'second at 15']);
  expect(clock.pending()).toBe(0);
});

test('a cancelled timer does not fire, and cancelling a fired one changes nothing', () => {
  const clock = createVirtualClock();
  const told: string[] = [];
  const cancelFirst = clock.setTimer(1, () => told.push('first'));
  const cancelSecond = clock.setTimer(2, () => told.push('second'));
  cancelSecond();
  clock.runUntil(5);
  cancelFirst();
  cancelSecond();
  clock.setTimer(1, () => told.push('third'));
  expect(clock.pending()).toBe(1);
  clock.runUntil(10);
  expect(told).toEqual(['first', 'third']);
});
