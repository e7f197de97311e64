import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitEngine, type Point } from './fit-engine.ts';

const cost = fc.double({ min: 0.01, max: 50, noNaN: true });
const costs = fc.record({ stepMs: cost, promptTokenMs: cost, sequenceMs: cost, networkMs: cost });
const rounds = [0, 1, 2, 3, 4];

function pause(round: number): number {
  return round === 2 ? 400 : 0;
}

describe('what an engine costs', () => {
  it('is found again from what it took, whatever one round in five was held up by', () => {
    fc.assert(
      fc.property(costs, ({ stepMs, promptTokenMs, sequenceMs, networkMs }) => {
        const reading = [10, 100, 500].flatMap((tokens) =>
          rounds.map((round): Point => [
            tokens,
            stepMs + promptTokenMs * tokens + 2 * networkMs + pause(round),
          ]),
        );
        const writing = [1, 4, 8].flatMap((count) =>
          rounds.map((round): Point => [count, stepMs + sequenceMs * count + pause(round)]),
        );
        const fitted = fitEngine({ reading, writing });
        expect(fitted.stepMs).toBeCloseTo(stepMs, 6);
        expect(fitted.promptTokenMs).toBeCloseTo(promptTokenMs, 6);
        expect(fitted.sequenceMs).toBeCloseTo(sequenceMs, 6);
        expect(fitted.networkMs).toBeCloseTo(networkMs, 6);
      }),
    );
  });

  it('is never less than nothing, and a single count tells of no slope', () => {
    const fitted = fitEngine({
      reading: [
        [10, 9],
        [20, 8],
      ],
      writing: [[1, 3]],
    });
    expect(fitted).toMatchObject({ stepMs: 3, promptTokenMs: 0, sequenceMs: 0 });
    expect(fitted.networkMs).toBeGreaterThanOrEqual(0);
  });
});
