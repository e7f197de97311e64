import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueBound, type AdmitInput } from './queue-bound.ts';

const calm: AdmitInput = {
  nowMs: 1000,
  ahead: 0,
  queueDepthMax: 4,
  waitedMs: 0,
  holdMs: 60_000,
  readyReplicas: 1,
  concurrency: 2,
  inFlight: 0,
  wantedReplicas: 1,
};
const decide = (change: Partial<AdmitInput>) =>
  queueBound.decide({ ...calm, ...change }, queueBound.begin()).decision;

const anyInput: fc.Arbitrary<AdmitInput> = fc.record({
  nowMs: fc.nat(),
  ahead: fc.nat(20),
  queueDepthMax: fc.nat(20),
  waitedMs: fc.nat(100),
  holdMs: fc.nat(100),
  readyReplicas: fc.nat(3),
  concurrency: fc.nat(8),
  inFlight: fc.nat(8),
  drainMs: fc.option(fc.nat(1000), { nil: undefined }),
  loading: fc.option(fc.record({ remainingMs: fc.option(fc.nat(1000), { nil: undefined }) }), {
    nil: undefined,
  }),
  wantedReplicas: fc.nat(3),
  nextStartInMs: fc.option(fc.nat(200), { nil: undefined }),
});

describe('queue bound', () => {
  it('lets a request pass while there is room and nobody waits', () => {
    expect(decide({})).toEqual({ kind: 'admit' });
    expect(decide({ inFlight: 1, ahead: 1 })).toEqual({ kind: 'wait' });
    expect(decide({ inFlight: 2 })).toEqual({ kind: 'wait' });
  });

  it('refuses what the queue cannot hold and says when it will be worked off', () => {
    expect(decide({ inFlight: 2, ahead: 4, drainMs: 750 })).toEqual({
      kind: 'refuse',
      code: 'overloaded',
      retryAfterMs: 750,
    });
  });

  it('names no time where nothing was measured', () => {
    expect(decide({ inFlight: 2, ahead: 4 })).toEqual({
      kind: 'refuse',
      code: 'overloaded',
      retryAfterMs: undefined,
    });
  });

  it('holds a request while the model loads, then refuses with the estimate', () => {
    const loading = { fraction: 0.5, remainingMs: 8000 };
    expect(decide({ readyReplicas: 0, loading, waitedMs: 20_000 })).toEqual({ kind: 'wait', forMs: 40_000 });
    expect(decide({ readyReplicas: 0, loading, waitedMs: 60_000 })).toEqual({
      kind: 'refuse',
      code: 'model_loading',
      retryAfterMs: 8000,
    });
  });

  it('does not hold what cannot be served in time', () => {
    expect(decide({ readyReplicas: 0, wantedReplicas: 0 })).toMatchObject({ code: 'model_unavailable' });
    expect(decide({ readyReplicas: 0, nextStartInMs: 61_000 })).toEqual({
      kind: 'refuse',
      code: 'model_unavailable',
      retryAfterMs: 61_000,
    });
    expect(decide({ readyReplicas: 0, nextStartInMs: 500 })).toEqual({ kind: 'wait', forMs: 60_000 });
  });

  it('admits only into a free place of a ready replica, and keeps every queue and every hold bounded', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { kind } = queueBound.decide(input, undefined).decision;
        const mayGo = input.readyReplicas > 0 && input.inFlight < input.concurrency && input.ahead === 0;
        const mayWait =
          input.ahead < input.queueDepthMax && (input.readyReplicas > 0 || input.waitedMs < input.holdMs);
        expect({ admit: mayGo, wait: mayWait, refuse: !mayGo }[kind]).toBe(true);
      }),
    );
  });
});
