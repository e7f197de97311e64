import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread, type Seat } from './spread.ts';

const empty: Seat = { weight: 1, replicas: 0, own: 0 };
const place = (seats: readonly Seat[], count: number): readonly number[] =>
  spread.decide({ seats, count }, undefined).decision;

describe('placing replicas', () => {
  it('keeps copies of one model apart', () => {
    expect(new Set(place([empty, empty, empty], 3))).toEqual(new Set([0, 1, 2]));
    expect(
      place(
        [
          { ...empty, own: 1, replicas: 1 },
          { ...empty, replicas: 5 },
        ],
        1,
      ),
    ).toEqual([1]);
  });

  it('takes the emptiest of those that are equal in that', () => {
    expect(
      place(
        [
          { ...empty, replicas: 2 },
          { ...empty, replicas: 1 },
          { ...empty, replicas: 3 },
        ],
        1,
      ),
    ).toEqual([1]);
  });

  it('gives more to what can carry more', () => {
    const chosen = place([{ ...empty, weight: 3 }, empty], 4);
    expect(chosen.filter((at) => at === 0)).toHaveLength(3);
  });

  it('places nothing where there is nothing', () => {
    expect(spread.decide({ seats: [], count: 3 }, undefined)).toMatchObject({
      decision: [],
      reason: { code: 'no-node' },
    });
  });

  it('places all, and on equal nodes the counts of a deployment differ by one at most', () => {
    const seats = fc.array(fc.record({ weight: fc.constant(1), replicas: fc.nat(20), own: fc.constant(0) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(seats, fc.nat(40), (nodes, count) => {
        const chosen = place(nodes, count);
        const counts = nodes.map((_, at) => chosen.filter((one) => one === at).length);
        expect(chosen).toHaveLength(count);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
