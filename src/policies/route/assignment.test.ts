import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssignment } from './assignment.ts';

interface Case {
  readonly freeIn: readonly number[];
  readonly work: readonly (readonly number[])[];
}

/** The sum of all times until a first token when each replica does the shortest first. */
function total({ freeIn, work }: Case, replicaOf: readonly number[]): number {
  let sum = 0;
  for (let replica = 0; replica < freeIn.length; replica++) {
    const mine = work.filter((_, row) => replicaOf[row] === replica).map((row) => row[replica] ?? Infinity);
    let clock = freeIn[replica] ?? Infinity;
    for (const seconds of mine.toSorted((a, b) => a - b)) sum += clock += seconds;
  }
  return sum;
}

function leastTotal(given: Case, chosen: readonly number[] = []): number {
  if (chosen.length === given.work.length) return total(given, chosen);
  return Math.min(...given.freeIn.map((_, replica) => leastTotal(given, [...chosen, replica])));
}

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 3 }).chain((replicas) =>
  fc.record({
    freeIn: fc.array(fc.nat(20), { minLength: replicas, maxLength: replicas }),
    work: fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: replicas, maxLength: replicas }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
);

const reused = createAssignment(8, 8);
function solve({ freeIn, work }: Case, assignment = reused): number[] {
  assignment.solve({
    requests: work.length,
    replicas: freeIn.length,
    freeIn: Float64Array.from(freeIn),
    work: Float64Array.from(work.flat()),
  });
  return Array.from(assignment.replicaOf.subarray(0, work.length));
}

describe('the assignment of requests to replicas', () => {
  it('is the best of all there are', () => {
    fc.assert(
      fc.property(cases, (given) => {
        expect(total(given, solve(given))).toBe(leastTotal(given));
      }),
    );
  });

  it('does not depend on what was solved before', () => {
    fc.assert(
      fc.property(cases, (given) => {
        expect(solve(given)).toEqual(solve(given, createAssignment(8, 8)));
      }),
    );
  });

  it('uses no replica that takes nothing, and leaves out whom none can take', () => {
    const work = [
      [1, 2],
      [Infinity, 1],
      [Infinity, 3],
    ];
    expect(solve({ freeIn: [0, Infinity], work })).toEqual([0, -1, -1]);
    expect(solve({ freeIn: [Infinity, Infinity], work })).toEqual([-1, -1, -1]);
    expect(solve({ freeIn: [0, 0], work })).toEqual([0, 1, 1]);
  });
});
