import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scalePolicies, scalingSpec } from '#schema';
import type { ScaleInput, ScaleLoad } from './input.ts';
import type { Scaler } from './advice.ts';
import { createScaler } from './scaler.ts';

const calm: ScaleLoad = { offered: 0, backlog: 0, occupied: 0, utilisation: 0 };

/** So many replicas' worth of work, on so many replicas. */
function loadOf(offered: number, ready: number): ScaleLoad {
  const backlog = Math.max(0, offered - ready) * 10;
  return { offered, backlog, occupied: offered + backlog / 10, utilisation: Math.min(1, offered / ready) };
}

interface Look {
  readonly load: ScaleLoad | undefined;
  readonly ready?: number;
}

/** Tells a scaler one look after the other, ten seconds apart; what it wants is there at the next look. */
function tell(scaler: Scaler, looks: readonly Look[], from = 1): readonly number[] {
  let wanted = from;
  return looks.map(({ load, ready = wanted }, at) => {
    const input: ScaleInput = { nowMs: at * 10_000, wanted, ready, coldStartMs: 30_000, load };
    wanted = scaler.decide(input).replicas;
    return wanted;
  });
}

const anyLoad = fc.record({
  offered: fc.double({ min: 0, max: 100, noNaN: true }),
  backlog: fc.double({ min: 0, max: 1000, noNaN: true }),
  occupied: fc.double({ min: 0, max: 200, noNaN: true }),
  utilisation: fc.double({ min: 0, max: 1, noNaN: true }),
  latencyMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
});
const policies = fc.constantFrom(...scalePolicies);

describe('whatever the policy and the load', () => {
  test('the number stays within its bounds and is whole', () => {
    fc.assert(
      fc.property(policies, fc.array(anyLoad, { maxLength: 80 }), fc.nat(3), (policy, loads, min) => {
        const scaler = createScaler(scalingSpec.parse({ policy }), { min, max: 20 });
        for (const wanted of tell(
          scaler,
          loads.map((load) => ({ load })),
        )) {
          expect(Number.isInteger(wanted)).toBe(true);
          expect(wanted).toBeGreaterThanOrEqual(min);
          expect(wanted).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  test('without measurements it holds, also where it may go to zero', () => {
    fc.assert(
      fc.property(policies, fc.array(anyLoad, { maxLength: 20 }), (policy, loads) => {
        const spec = scalingSpec.parse({ policy, toZeroAfterMs: 0 });
        const scaler = createScaler(spec, { min: policy === 'fixed' ? 3 : 0, max: 20 });
        const before = tell(scaler, [{ load: loadOf(3, 3) }, ...loads.map((load) => ({ load }))], 3);
        const wanted = before.at(-1) ?? 3;
        const input = { nowMs: 1e9, wanted, ready: 0, coldStartMs: 1, load: undefined };
        expect(scaler.decide(input).replicas).toBe(wanted);
      }),
    );
  });

  test('the same looks give the same decisions', () => {
    fc.assert(
      fc.property(policies, fc.array(anyLoad, { maxLength: 50 }), (policy, loads) => {
        const looks = loads.map((load) => ({ load }));
        const once = (): readonly number[] =>
          tell(createScaler(scalingSpec.parse({ policy }), { min: 0, max: 50 }), looks);
        expect(once()).toEqual(once());
      }),
    );
  });

  test.each(['predictive', 'hpa', 'kpa', 'keda'] as const)('%s follows a load that stays', (policy) => {
    const scaler = createScaler(scalingSpec.parse({ policy }), { min: 1, max: 50 });
    let wanted = 1;
    for (let at = 0; at < 60; at++)
      wanted = scaler.decide({
        nowMs: at * 10_000,
        wanted,
        ready: wanted,
        coldStartMs: 30_000,
        load: loadOf(7, wanted),
      }).replicas;
    expect(wanted).toBeGreaterThanOrEqual(7);
    expect(wanted).toBeLessThanOrEqual(11);
  });
});

describe('the autoscaler of Kubernetes', () => {
  const spec = scalingSpec.parse({ policy: 'hpa', metric: 'utilisation' });
  const hpa = (): Scaler => createScaler(spec, { min: 1, max: 50 });

  test('asks for replicas in proportion to the target, and leaves small differences', () => {
    const [full, nearly] = [1, 0.86].map((utilisation) => ({ load: { ...calm, utilisation }, ready: 4 }));
    expect(tell(hpa(), full === undefined ? [] : [full], 4)).toEqual([5]);
    expect(tell(hpa(), nearly === undefined ? [] : [nearly], 4)).toEqual([4]);
  });

  test('holds while no replica answers: nobody is busy then, and nobody idle', () => {
    const hung = { load: { ...calm, occupied: 40, offered: 4 }, ready: 0 };
    expect(
      tell(
        hpa(),
        Array.from({ length: 60 }, () => hung),
        4,
      ),
    ).toEqual(Array.from({ length: 60 }, () => 4));
  });

  test('scales down to the most of the last five minutes', () => {
    const busy = { load: { ...calm, utilisation: 0.8 }, ready: 4 };
    const idle = { load: { ...calm, utilisation: 0.2 }, ready: 4 };
    const wanted = tell(hpa(), [busy, ...Array.from({ length: 31 }, () => idle)], 4);
    expect(wanted.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 4));
    expect(wanted[30]).toBe(1);
  });
});

describe('whoever looks for the first time, as after a restart of the control plane', () => {
  const quiet = { ...calm, occupied: 0.1, offered: 0.1, latencyMs: 1 };

  test.each(['hpa', 'keda', 'latency'] as const)(
    '%s gives nothing back before its window is over',
    (policy) => {
      const spec = scalingSpec.parse({ policy, scaleDownMs: 300_000 });
      const wanted = tell(
        createScaler(spec, { min: 1, max: 50 }),
        Array.from({ length: 32 }, () => ({ load: quiet })),
        5,
      );
      expect(wanted.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 5));
      expect(wanted[31]).toBeLessThan(5);
    },
  );

  test('kpa gives nothing back before its stable window is over', () => {
    const scaler = createScaler(scalingSpec.parse({ policy: 'kpa' }), { min: 1, max: 50 });
    const looks = Array.from({ length: 8 }, () => ({ load: quiet }));
    expect(tell(scaler, looks, 5)).toEqual([5, 5, 5, 5, 5, 5, 2, 1]);
  });

  test('keda does not take what it has not seen for a quiet while', () => {
    const scaler = createScaler(scalingSpec.parse({ policy: 'keda' }), { min: 1, max: 50 });
    expect(tell(scaler, [{ load: calm }], 5)).toEqual([5]);
  });

  test('a cool-down is kept', () => {
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, cooldownMs: 25_000 });
    const looks = Array.from({ length: 4 }, () => ({ load: quiet }));
    expect(tell(createScaler(spec, { min: 1, max: 50 }), looks, 5)).toEqual([5, 5, 5, 1]);
  });
});

describe('the wrappers', () => {
  const steady = { load: loadOf(5, 10) };

  test('steps are limited both ways', () => {
    const spec = scalingSpec.parse({ policy: 'fixed', stepUpMax: 2, stepDownMax: 1 });
    expect(tell(createScaler(spec, { min: 5, max: 5 }), [steady], 5)).toEqual([5]);
    const hpa = scalingSpec.parse({ policy: 'hpa', stepUpMax: 2, scaleDownMs: 0, stepDownMax: 1 });
    const scaler = createScaler(hpa, { min: 1, max: 50 });
    const up = { load: loadOf(30, 4) };
    expect(tell(scaler, [up, up, { load: calm }, { load: calm }], 4)).toEqual([6, 8, 7, 6]);
  });

  test('a cool-down keeps what there is for a while after a change', () => {
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, cooldownMs: 25_000 });
    const up = { load: loadOf(8, 4) };
    const wanted = tell(
      createScaler(spec, { min: 1, max: 50 }),
      [up, ...Array.from({ length: 4 }, () => ({ load: calm }))],
      4,
    );
    expect(wanted[1]).toBe(wanted[0]);
    expect(wanted[2]).toBe(wanted[0]);
    expect(wanted[3]).toBeLessThan(wanted[0] ?? 0);
  });

  test('a cool-down counts from a change, not from looks at which nothing could change', () => {
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, cooldownMs: 60_000 });
    const full = { load: loadOf(40, 5) };
    const looks = [...Array.from({ length: 8 }, () => full), { load: calm }];
    expect(tell(createScaler(spec, { min: 1, max: 5 }), looks, 4)).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 1]);
  });

  test('a cool-down counts from a change that the schedule made', () => {
    const schedule = [{ from: '00:01', to: '00:02', min: 6 }];
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, cooldownMs: 120_000, schedule });
    const looks = Array.from({ length: 20 }, () => ({ load: calm, ready: 1 }));
    const wanted = tell(createScaler(spec, { min: 1, max: 50 }), looks);
    // Raised at 00:00:30, so kept beyond 00:02 until 00:02:30.
    expect([wanted.indexOf(6), wanted.lastIndexOf(6)]).toEqual([3, 14]);
  });

  test('the last one goes no sooner and the many no faster than cool-down and steps allow', () => {
    const slow = { policy: 'band', downAt: 0, upAt: 9, toZeroAfterMs: 0 };
    const spec = scalingSpec.parse({ ...slow, cooldownMs: 25_000, stepDownMax: 2 });
    const looks = Array.from({ length: 10 }, () => ({ load: calm }));
    expect(tell(createScaler(spec, { min: 0, max: 5 }), looks, 3)).toEqual([3, 3, 3, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('a schedule holds from a cold start before it on, however short it is', () => {
    const schedule = [{ from: '00:10', to: '00:11', min: 6 }];
    const scaler = createScaler(scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, schedule }), {
      min: 1,
      max: 50,
    });
    const raised = Array.from({ length: 14 }, (_, minute) => {
      const input = { nowMs: minute * 60_000, wanted: 1, ready: 1, coldStartMs: 300_000, load: calm };
      return scaler.decide(input).replicas === 6;
    });
    expect([raised.indexOf(true), raised.lastIndexOf(true)]).toEqual([5, 10]);
    expect(raised.slice(5, 11)).not.toContain(false);
  });

  test('a threshold on latency does not take a deployment that hangs for a calm one', () => {
    const spec = scalingSpec.parse({ policy: 'latency', scaleDownMs: 0 });
    const hung = { load: { ...calm, occupied: 0.3 }, ready: 4 };
    expect(tell(createScaler(spec, { min: 1, max: 9 }), [hung, hung, hung], 4)).toEqual([4, 4, 4]);
  });

  test('a schedule is a minimum at its time, and begins early enough for a cold start', () => {
    // Time begins on Thursday, 1 January 1970.
    const schedule = [{ days: ['thu'], from: '00:01', to: '00:02', min: 6 }];
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, schedule });
    const wanted = tell(
      createScaler(spec, { min: 1, max: 50 }),
      Array.from({ length: 13 }, () => ({ load: calm, ready: 1 })),
    );
    const isRaised = wanted.map((count) => count === 6);
    // From 00:00:30, a cold start before the hour, until 00:02.
    expect(isRaised.indexOf(true)).toBe(3);
    expect(isRaised.lastIndexOf(true)).toBe(11);
  });

  test('it goes to zero after a quiet while, and is woken by the first request', () => {
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, toZeroAfterMs: 30_000 });
    const scaler = createScaler(spec, { min: 0, max: 5 });
    const busy = { load: loadOf(0.5, 1) };
    const quiet = { load: calm };
    const looks = [busy, quiet, quiet, quiet, quiet, { load: { ...calm, occupied: 0.1 } }];
    expect(tell(scaler, looks)).toEqual([1, 1, 1, 0, 0, 1]);
  });

  test('what loads is not idle, though nobody waits for it any more', () => {
    const spec = scalingSpec.parse({ policy: 'band', toZeroAfterMs: 30_000 });
    const scaler = createScaler(spec, { min: 0, max: 5 });
    const at = (seconds: number, seen: Partial<ScaleInput>): number => {
      const usual = { wanted: 1, ready: 0, coldStartMs: 60_000, load: calm };
      return scaler.decide({ ...usual, ...seen, nowMs: seconds * 1000 }).replicas;
    };
    expect(at(0, { wanted: 0, load: { ...calm, occupied: 0.1 } })).toBe(1);
    expect([10, 100, 500].map((seconds) => at(seconds, { loading: true }))).toEqual([1, 1, 1]);
    expect([510, 529, 531].map((seconds) => at(seconds, { ready: 1 }))).toEqual([1, 1, 0]);
  });

  test('one that stays though nothing is to do is not said to be needed', () => {
    const spec = scalingSpec.parse({ policy: 'hpa', scaleDownMs: 0, toZeroAfterMs: 30_000 });
    const scaler = createScaler(spec, { min: 0, max: 5 });
    const input = { ready: 1, wanted: 1, coldStartMs: 1, load: calm };
    scaler.decide({ ...input, nowMs: 0 });
    expect(scaler.decide({ ...input, nowMs: 10_000 })).toMatchObject({
      replicas: 1,
      reason: { code: 'not-idle-yet', facts: { quietMs: 10_000, because: 'ratio' } },
    });
  });
});
