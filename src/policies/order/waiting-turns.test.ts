import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns, learnTurn, reachTurn, takeTurn, type TenantTurns } from './waiting-turns.ts';

interface Waiting {
  readonly tenant: string;
  readonly rank: number;
}

/** What waits on disk, taken in the order of the ranks alone. */
function takeNext(turns: TenantTurns, waiting: Waiting[]): Waiting | undefined {
  const first = waiting.toSorted((one, other) => one.rank - other.rank)[0];
  if (first === undefined) return undefined;
  waiting.splice(waiting.indexOf(first), 1);
  reachTurn(turns, first.rank);
  return first;
}

/** Who submits work, always of the same cost. */
function adder(turns: TenantTurns, waiting: Waiting[]): (tenant: string, stride?: number) => void {
  return (tenant, stride = 1) => {
    waiting.push({ tenant, rank: takeTurn(turns, tenant, stride) });
  };
}

describe('turns', () => {
  it('a tenant that comes late is served beside one that had put much in before', () => {
    const turns = createTurns();
    const waiting: Waiting[] = [];
    const add = adder(turns, waiting);
    for (let at = 0; at < 1000; at += 1) add('flood');
    for (let at = 0; at < 100; at += 1) takeNext(turns, waiting);
    for (let at = 0; at < 10; at += 1) add('late');
    const next = Array.from({ length: 20 }, () => takeNext(turns, waiting)?.tenant);
    expect(next.filter((tenant) => tenant === 'late')).toHaveLength(10);
  });

  it('what a tenant used while nobody else was there is not held against it', () => {
    const turns = createTurns();
    const waiting: Waiting[] = [];
    const add = adder(turns, waiting);
    for (let at = 0; at < 1000; at += 1) add('early');
    while (takeNext(turns, waiting) !== undefined);
    for (let at = 0; at < 50; at += 1) add('other');
    for (let at = 0; at < 50; at += 1) add('early');
    const next = Array.from({ length: 40 }, () => takeNext(turns, waiting)?.tenant);
    expect(next.filter((tenant) => tenant === 'early').length).toBeGreaterThanOrEqual(19);
  });

  it('turns that another process gave are not given again', () => {
    const turns = createTurns();
    expect(takeTurn(turns, 'a', 1)).toBe(0);
    learnTurn(turns, 'a', 7);
    learnTurn(turns, 'a', 3);
    expect(takeTurn(turns, 'a', 1)).toBe(7);
  });

  /** The bound of start-time fair queueing, in numbers of strides: both are backlogged, neither is ahead by more. */
  it('keeps the bound between any two that have something waiting', () => {
    const strides = fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), {
      minLength: 30,
      maxLength: 60,
    });
    fc.assert(
      fc.property(strides, strides, fc.nat(20), (first, second, headStart) => {
        const turns = createTurns();
        const waiting: Waiting[] = [];
        const add = adder(turns, waiting);
        const costs = new Map<Waiting, number>();
        const put = (tenant: string, list: readonly number[]): void => {
          for (const stride of list) {
            add(tenant, stride);
            const last = waiting.at(-1);
            if (last) costs.set(last, stride);
          }
        };
        put('a', first);
        for (let at = 0; at < headStart; at += 1) takeNext(turns, waiting);
        put('b', second);
        const work = { a: 0, b: 0 };
        const bound = Math.max(...first) + Math.max(...second) + 1e-6;
        const backlogged = (): boolean =>
          waiting.some(({ tenant }) => tenant === 'a') && waiting.some(({ tenant }) => tenant === 'b');
        while (backlogged()) {
          const next = takeNext(turns, waiting);
          if (next) work[next.tenant === 'a' ? 'a' : 'b'] += costs.get(next) ?? 0;
          expect(Math.abs(work.a - work.b)).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });
});
