import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventHeap } from './event-heap.ts';

test('events come in the order of their moments, equal ones in the order they were made', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (moments) => {
      const heap = createEventHeap();
      for (const atMs of moments) heap.push(atMs, () => undefined);
      const popped: [number, number][] = [];
      for (let event = heap.pop(); event !== undefined; event = heap.pop())
        popped.push([event.atMs, event.order]);
      expect(popped).toEqual(popped.toSorted(([a, x], [b, y]) => a - b || x - y));
      expect(popped).toHaveLength(moments.length);
    }),
  );
});

test('what was cancelled never comes, however much of it there is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 3000, size: 'max' }), (plan) => {
      const heap = createEventHeap();
      const events = plan.map(([atMs]) => heap.push(atMs, () => undefined));
      for (const [at, [, drop]] of plan.entries()) if (drop && events[at]) heap.cancel(events[at]);
      const kept = plan.filter(([, drop]) => !drop).map(([atMs]) => atMs);
      expect(heap.size()).toBe(kept.length);
      const popped: number[] = [];
      for (let event = heap.pop(); event !== undefined; event = heap.pop()) popped.push(event.atMs);
      expect(popped).toEqual(kept.toSorted((a, b) => a - b));
    }),
    { numRuns: 20 },
  );
});
