import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../clock/index.ts';
import type { EngineShape } from './batch.ts';
import { stepDurationMs } from './curve.ts';
import { createReplicaModel } from './replica-model.ts';

const shape: EngineShape = {
  curve: { stepMs: 10, prefillMs: 0.1, sequenceMs: 1, contextMs: 0.001 },
  sequencesMax: 4,
  stepTokensMax: 1000,
  contextTokensMax: 100_000,
};

interface Told {
  firstMs: number | undefined;
  lastMs: number | undefined;
}

interface Arrival {
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

function run(arrivals: readonly Arrival[], given: EngineShape = shape): readonly Told[] {
  const clock = createVirtualClock();
  const model = createReplicaModel(given, clock);
  const told = arrivals.map((): Told => ({ firstMs: undefined, lastMs: undefined }));
  for (const [at, arrival] of arrivals.entries()) {
    const one = told[at] ?? { firstMs: undefined, lastMs: undefined };
    clock.setTimer(arrival.atMs, () => {
      model.submit(arrival, {
        began: () => (one.firstMs = clock.monotonicMs()),
        ended: () => (one.lastMs = clock.monotonicMs()),
      });
    });
  }
  while (clock.step());
  expect(model.inside()).toBe(0);
  return told;
}

interface Slow extends Arrival {
  readonly at: number;
  read: number;
  produced: number;
}

/** Reads on within the budget; tells how much. */
function readSlowly(running: readonly Slow[], budget: number): number {
  let left = budget;
  for (const one of running) {
    if (one.produced > 0) continue;
    const piece = Math.min(left, one.promptTokens - one.read);
    one.read += piece;
    left -= piece;
  }
  return budget - left;
}

function produceSlowly(running: readonly Slow[], told: readonly Told[], nowMs: number): void {
  for (const one of running) {
    if (one.read < one.promptTokens) continue;
    one.produced += 1;
    const story = told[one.at] ?? { firstMs: undefined, lastMs: undefined };
    if (one.produced === 1) story.firstMs = nowMs;
    if (one.produced === one.outputTokens) story.lastMs = nowMs;
  }
}

/** The same engine, one step after the other and nothing clever: what the leaps must come to. */
function runSlowly(arrivals: readonly Arrival[], { curve, sequencesMax, stepTokensMax }: EngineShape) {
  const waiting = arrivals
    .map((arrival, at): Slow => ({ ...arrival, at, read: 0, produced: 0 }))
    .toSorted((a, b) => a.atMs - b.atMs);
  const told = arrivals.map((): Told => ({ firstMs: undefined, lastMs: undefined }));
  let running: Slow[] = [];
  let nowMs = 0;
  while (waiting.length + running.length > 0) {
    if (running.length === 0) nowMs = Math.max(nowMs, waiting[0]?.atMs ?? 0);
    while (running.length < sequencesMax && (waiting[0]?.atMs ?? Infinity) <= nowMs)
      running.push(...waiting.splice(0, 1));
    const decoding = running.filter((one) => one.produced > 0);
    const contextTokens = decoding.reduce((sum, one) => sum + one.promptTokens + one.produced, 0);
    const prefillTokens = readSlowly(running, stepTokensMax - decoding.length);
    nowMs += stepDurationMs(curve, { prefillTokens, sequences: decoding.length, contextTokens });
    produceSlowly(running, told, nowMs);
    running = running.filter((one) => one.produced < one.outputTokens);
  }
  return told;
}

describe('an engine as a model of time', () => {
  test('a request alone takes its prompt and its tokens, one step each', () => {
    const [told] = run([{ atMs: 5, promptTokens: 100, outputTokens: 3 }]);
    // 5 + (10 + 0.1·100) for the prompt and the first token; then two steps of 10 + 1 + 0.001·(101 and 102).
    expect(told?.firstMs).toBeCloseTo(25, 9);
    expect(told?.lastMs).toBeCloseTo(25 + 11.101 + 11.102, 9);
  });

  test('leaps come to the same as one step after the other', () => {
    const arrival = fc.record({
      atMs: fc.integer({ min: 0, max: 2000 }).map((ms) => ms + 0.013),
      promptTokens: fc.integer({ min: 1, max: 3000 }),
      outputTokens: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(arrival, { minLength: 1, maxLength: 25, selector: ({ atMs }) => atMs }),
        (arrivals) => {
          const leaps = run(arrivals);
          for (const [at, slow] of runSlowly(arrivals, shape).entries()) {
            expect(leaps[at]?.firstMs).toBeCloseTo(slow.firstMs ?? -1, 6);
            expect(leaps[at]?.lastMs).toBeCloseTo(slow.lastMs ?? -1, 6);
          }
        },
      ),
    );
  });

  test('a full KV cache puts the youngest back, and everything is still answered', () => {
    const small = { ...shape, contextTokensMax: 300 };
    const arrivals = Array.from({ length: 6 }, (_, at) => ({
      atMs: at,
      promptTokens: 90,
      outputTokens: 60,
    }));
    const told = run(arrivals, small);
    expect(told.every(({ lastMs }) => lastMs !== undefined)).toBe(true);
    const roomy = run(arrivals);
    expect(Math.max(...told.map(({ lastMs }) => lastMs ?? 0))).toBeGreaterThan(
      Math.max(...roomy.map(({ lastMs }) => lastMs ?? 0)),
    );
  });

  describe('of three for whom there is no room in the end', () => {
    const small = { ...shape, contextTokensMax: 300 };
    const arrivals = [0, 1, 2].map((atMs) => ({ atMs, promptTokens: 90, outputTokens: 60 }));

    test('the two older ones are not held up by the one that was put back', () => {
      // Read again at once it would be put back again: 10 ms for nothing, and the first would end at 777.
      expect(run(arrivals, small)[0]?.lastMs).toBeCloseTo(766.767, 3);
    });

    test('the one that was put back reads only what was lost where there is a prefix cache', () => {
      // The two need 3 tokens of its room before it is back.
      const tight = arrivals.map((arrival, at) => ({ ...arrival, outputTokens: at === 1 ? 13 : 60 }));
      const prefix = { blockTokens: 16, capacityTokens: 1000 };
      const [anew, kept] = [run(tight, small), run(tight, { ...small, prefix })];
      expect(kept[2]?.lastMs).toBeLessThan((anew[2]?.lastMs ?? 0) - 5);
    });
  });

  test('a prompt whose beginning is known is read faster', () => {
    const prefix = { blockTokens: 100, capacityTokens: 1000 };
    const clock = createVirtualClock();
    const model = createReplicaModel({ ...shape, prefix }, clock);
    const took: number[] = [];
    const ask = (blocks: readonly number[]): void => {
      const beganMs = clock.monotonicMs();
      const began = (): void => void took.push(clock.monotonicMs() - beganMs);
      model.submit({ promptTokens: 400, outputTokens: 1, blocks }, { began, ended: () => undefined });
      while (clock.step());
    };
    ask([1, 2, 3, 4]);
    ask([1, 2, 3, 5]);
    ask([6, 2, 3, 5]);
    expect(took[0]).toBeCloseTo(10 + 40, 9);
    expect(took[1]).toBeCloseTo(10 + 10, 9);
    expect(took[2]).toBeCloseTo(10 + 40, 9);
  });

  test('who is cancelled hears nothing, and the others are faster for it', () => {
    const clock = createVirtualClock();
    const model = createReplicaModel(shape, clock);
    const told: string[] = [];
    const listener = (name: string) => ({
      began: () => void told.push(`${name} began`),
      ended: () => void told.push(`${name} ended`),
    });
    const work = { promptTokens: 10, outputTokens: 100 };
    const cancel = model.submit(work, listener('first'));
    model.submit(work, listener('second'));
    clock.runUntil(100);
    cancel();
    while (clock.step());
    expect(told).toEqual(['first began', 'second began', 'second ended']);
    expect(model.inside()).toBe(0);
    expect(model.busyMs()).toBeCloseTo(clock.monotonicMs(), 6);
  });
});
