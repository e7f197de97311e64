import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noArrivals } from './arrival-rate.ts';
import { lastMoment, type BatchInput } from './last-moment.ts';
import { batchMs } from './steady-size.ts';

/** A batch of b takes b + 5 ms. Eight replicas keep up batches of 17 within 25 ms: 9/8 · (17 + 5) = 24.75. */
const rates = { inputMs: 1, fixedMs: 5 };
const calm: BatchInput = {
  nowMs: 100,
  dueMs: [],
  oldestMs: 100,
  arrivals: 0,
  places: 8,
  idle: 1,
  sizeMax: 64,
  windowMs: undefined,
  objectiveMs: 25,
  rates,
  marginMs: 0,
};
/** Six requests a millisecond: what eight replicas sustain with batches of 15 (8 · 15 / 20). */
const busyHour = { counted: 0, atMs: 100, spanMs: 500, perMs: 6 };

const decide = (change: Partial<BatchInput>, memory = busyHour) =>
  lastMoment.decide({ ...calm, ...change }, memory);
/** Due times of requests that have waited so long. */
const waited = (...ages: number[]): number[] => ages.map((age) => calm.nowMs - age + 25);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('last moment, without an objective', () => {
  const free = { objectiveMs: undefined };

  it('sends what waits at once', () => {
    const { decision, reason } = decide({ ...free, dueMs: times(3, Infinity) });
    expect([decision, reason.code]).toMatchObject([{ kind: 'send', size: 3 }, 'all-that-wait']);
  });

  it('sends no more than the engine takes', () => {
    expect(decide({ ...free, sizeMax: 4, dueMs: times(9, Infinity) }).decision).toMatchObject({ size: 4 });
  });

  it('keeps requests together for the window, unless as many are there as the engine takes', () => {
    const window = { ...free, windowMs: 10, oldestMs: 97, sizeMax: 4 };
    expect(decide({ ...window, dueMs: times(3, Infinity) }).decision).toMatchObject({
      kind: 'wait',
      untilMs: 107,
    });
    expect(decide({ ...window, dueMs: times(4, Infinity) }).decision).toMatchObject({
      kind: 'send',
      size: 4,
    });
    const atTheEnd = { ...window, nowMs: 107, dueMs: times(3, Infinity) };
    expect(decide(atTheEnd).decision).toMatchObject({ kind: 'send', size: 3 });
  });
});

describe('last moment, with an objective', () => {
  it('keeps a batch open until the last moment at which one more still fits', () => {
    // Two wait, the first for 4 ms: due at 121. Three take 8 ms, so 113 is the last moment.
    const { decision, reason } = decide({ dueMs: waited(4, 1) });
    expect([decision, reason.code]).toMatchObject([{ kind: 'wait', untilMs: 113 }, 'more-still-fit']);
    expect(decide({ nowMs: 113, dueMs: waited(4, 1) }).decision).toMatchObject({ kind: 'send', size: 2 });
  });

  it('sends as soon as enough are together', () => {
    expect(decide({ dueMs: waited(...times(17, 1)) }).decision).toMatchObject({ kind: 'send', size: 17 });
  });

  it('delays nothing while few come', () => {
    expect(decide({ dueMs: waited(0) }, { ...busyHour, perMs: 0.1 }).decision).toMatchObject({
      kind: 'send',
      size: 1,
    });
  });

  it('never lets one or two replicas idle on purpose', () => {
    for (const places of [1, 2])
      expect(decide({ places, dueMs: waited(0) }).decision).toMatchObject({ kind: 'send', size: 1 });
  });

  it('is eager while nothing was measured', () => {
    expect(decide({ rates: undefined, dueMs: waited(0, 0) }).decision).toMatchObject({
      kind: 'send',
      size: 2,
    });
  });

  it('passes over the few whose urgency would make the batch small', () => {
    // The two that have waited 15 ms allow batches of 5; without them 16 go.
    const { decision, reason } = decide({ dueMs: waited(15, 15, ...times(16, 3)) });
    expect(decision).toMatchObject({ kind: 'send', size: 16, dueFromMs: 122 });
    expect(reason).toMatchObject({ code: 'urgent-passed-over', facts: { passedOver: 2, left: 0 } });
  });

  it('names those hopeless that even alone would be late', () => {
    // Alone it takes 6 ms: what has waited more than 19 ms is late.
    const { decision } = decide({ dueMs: waited(19.5, 19, 0) });
    expect(decision.hopelessMs).toBe(106);
  });

  it('tries the last of the hopeless where nothing runs at all, so that a wrong curve can be mended', () => {
    const late = { dueMs: waited(25, 22) };
    expect(decide({ ...late, idle: 8 }).decision).toMatchObject({ kind: 'send', size: 1, dueFromMs: 103 });
    expect(decide({ ...late, idle: 7 }).decision).toMatchObject({ kind: 'wait', hopelessMs: 106 });
  });

  it('keeps to a window where one is set, but never beyond the last moment', () => {
    const window = { places: 1, windowMs: 5, dueMs: waited(4, 1), oldestMs: 96 };
    expect(decide(window).decision).toMatchObject({ kind: 'wait', untilMs: 101 });
    expect(decide({ ...window, windowMs: 50 }).decision).toMatchObject({ kind: 'wait', untilMs: 113 });
    expect(decide({ ...window, dueMs: waited(...times(7, 1)) }).decision).toMatchObject({
      kind: 'send',
      size: 7,
    });
  });

  it('keeps a margin', () => {
    expect(decide({ marginMs: 2, dueMs: waited(4, 1) }).decision).toMatchObject({ untilMs: 111 });
  });

  it('waits for a replica when all are busy', () => {
    const { decision, reason } = decide({ idle: 0, dueMs: waited(4, 1) });
    expect([decision, reason.code]).toMatchObject([{ kind: 'wait', untilMs: Infinity }, 'all-replicas-busy']);
  });
});

const positive = (max: number) => fc.double({ min: 0.05, max, noNaN: true });
const anyInput = fc
  .record({
    ages: fc.array(fc.double({ min: 0, max: 120, noNaN: true }), { maxLength: 60 }),
    hurried: fc.array(fc.option(fc.double({ min: 0, max: 60, noNaN: true }), { nil: undefined }), {
      maxLength: 60,
    }),
    places: fc.integer({ min: 2, max: 12 }),
    sizeMax: fc.integer({ min: 1, max: 80 }),
    windowMs: fc.option(positive(40), { nil: undefined }),
    objectiveMs: fc.option(positive(120), { nil: undefined }),
    rates: fc.option(fc.record({ inputMs: positive(4), fixedMs: positive(30) }), { nil: undefined }),
    marginMs: fc.double({ min: 0, max: 5, noNaN: true }),
    perMs: fc.double({ min: 0, max: 20, noNaN: true }),
  })
  .map(({ ages, hurried, perMs, ...rest }) => {
    const sorted = ages.toSorted((a, b) => b - a);
    const dueMs = sorted.map((age, at) => {
      const own = hurried[at];
      return 1000 - age + Math.min(rest.objectiveMs ?? Infinity, own ?? Infinity);
    });
    const input: BatchInput = {
      ...rest,
      nowMs: 1000,
      dueMs,
      oldestMs: 1000 - (sorted[0] ?? 0),
      idle: 1,
      arrivals: 0,
    };
    return { input, memory: { ...busyHour, atMs: 1000, perMs } };
  });

describe('last moment, whatever waits', () => {
  it('sends only what is there, what the engine takes, and what is in time', () => {
    fc.assert(
      fc.property(anyInput, ({ input, memory }) => {
        const { decision } = lastMoment.decide(input, memory);
        fc.pre(decision.kind === 'send');
        const eligible = input.dueMs.filter((due) => due >= decision.dueFromMs);
        expect(decision.size).toBeGreaterThan(0);
        expect(decision.size).toBeLessThanOrEqual(Math.min(eligible.length, input.sizeMax));
        expect(decision.dueFromMs).toBeGreaterThanOrEqual(decision.hopelessMs);
        const tookMs = input.rates === undefined ? 0 : batchMs(input.rates, decision.size) + input.marginMs;
        expect(input.rates === undefined || input.nowMs + tookMs <= decision.dueFromMs + 1e-6).toBe(true);
      }),
    );
  });

  it('waits only for what may still come, never longer than it may, and then sends', () => {
    fc.assert(
      fc.property(anyInput, ({ input, memory }) => {
        const { decision } = lastMoment.decide(input, memory);
        const alive = input.dueMs.filter((due) => due >= decision.hopelessMs);
        fc.pre(decision.kind === 'wait' && alive.length > 0);
        expect(decision.untilMs).toBeGreaterThan(input.nowMs);
        expect(input.objectiveMs !== undefined || input.windowMs !== undefined).toBe(true);
        expect(decision.untilMs).toBeLessThanOrEqual(input.oldestMs + (input.windowMs ?? Infinity));
        const then = lastMoment.decide({ ...input, nowMs: decision.untilMs }, memory).decision;
        expect(then).toMatchObject({ kind: 'send', size: Math.min(alive.length, input.sizeMax) });
      }),
    );
  });

  it('never sends fewer than would go if the most urgent went first', () => {
    fc.assert(
      fc.property(anyInput, ({ input, memory }) => {
        const { decision } = lastMoment.decide(input, memory);
        fc.pre(decision.kind === 'send' && input.rates !== undefined);
        const alive = input.dueMs.filter((due) => due >= decision.hopelessMs);
        const headMs = Math.min(...alive) - input.nowMs - input.marginMs;
        let fits = 1;
        while (
          fits < Math.min(alive.length, input.sizeMax) &&
          batchMs(input.rates, fits + 1) <= headMs - 1e-6
        )
          fits += 1;
        expect(decision.size).toBeGreaterThanOrEqual(fits);
      }),
    );
  });

  it('decides the same again, and changes nothing it was given', () => {
    fc.assert(
      fc.property(anyInput, ({ input, memory }) => {
        const frozen = { ...input, dueMs: Object.freeze([...input.dueMs]) };
        expect(lastMoment.decide(frozen, memory)).toEqual(lastMoment.decide(input, memory));
      }),
    );
  });
});

describe('what it remembers', () => {
  it('is the rate at which requests come', () => {
    let memory = lastMoment.begin();
    expect(memory).toBe(noArrivals);
    for (let nowMs = 0; nowMs <= 2000; nowMs += 10)
      ({ memory } = lastMoment.decide({ ...calm, nowMs, arrivals: nowMs * 3 }, memory));
    expect(memory.perMs).toBeCloseTo(3, 6);
    for (let nowMs = 2000; nowMs <= 6000; nowMs += 10)
      ({ memory } = lastMoment.decide({ ...calm, nowMs, arrivals: 6000 }, memory));
    expect(memory.perMs).toBeLessThan(0.01);
  });

  it('is not moved by many that come at one instant', () => {
    const before = lastMoment.decide({ ...calm, nowMs: 1000, arrivals: 0 }, noArrivals).memory;
    const after = lastMoment.decide({ ...calm, nowMs: 1000, arrivals: 500 }, before).memory;
    expect(after).toBe(before);
  });
});
