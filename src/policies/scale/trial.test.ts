import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scalingSpec } from '#schema';
import type { ScaleInput } from './input.ts';
import type { ScaleAdvice } from './advice.ts';
import { createScaler } from './scaler.ts';

const stepMs = 10_000;
const hourMs = 3_600_000;

/** The load that comes at each look; what is wanted is there at the next. */
function tell(spec: object, offered: readonly number[]): readonly ScaleAdvice[] {
  const scaler = createScaler(scalingSpec.parse(spec), { min: 1, max: 100 });
  let wanted = 10;
  return offered.map((value, at) => {
    const load = { offered: value, backlog: 0, occupied: value, utilisation: Math.min(1, value / wanted) };
    const input: ScaleInput = { nowMs: at * stepMs, wanted, ready: wanted, coldStartMs: 30_000, load };
    const advice = scaler.decide(input);
    wanted = advice.replicas;
    return advice;
  });
}

/** Up and down within an hour, and for long enough to be judged. */
const swing = Array.from(
  { length: 3 * 360 },
  (_, at) => 10 + 6 * Math.sin((at * stepMs * 2 * Math.PI) / hourMs),
);

describe('a policy in shadow', () => {
  const spend = { policy: 'hpa', target: 0.4 };
  const shadow = { policy: 'predictive', trialMs: hourMs, gain: 0.05 };

  test('advises, and changes nothing', () => {
    const alone = tell(spend, swing).map(({ replicas }) => replicas);
    const beside = tell({ ...spend, shadow }, swing);
    expect(beside.map(({ replicas }) => replicas)).toEqual(alone);
    expect(beside.at(-1)?.shadow).toMatchObject({ policy: 'predictive', leads: false });
    expect(beside.at(-1)?.shadow?.replicas).toBeLessThan(alone.at(-1) ?? 0);
    expect(beside.at(-1)?.reason.facts?.['shadowSaves']).toBeGreaterThan(0.2);
  });

  test('is followed once it has shown a gain for long enough, and says what would be without it', () => {
    const told = tell({ ...spend, shadow: { ...shadow, takesOver: true } }, swing);
    const first = told.findIndex((advice) => advice.shadow?.leads === true);
    expect(first).toBe(hourMs / stepMs);
    const last = told.at(-1);
    expect(last?.reason).toMatchObject({ code: 'shadow-leads' });
    expect(last?.replicas).toBe(last?.shadow?.replicas);
    expect(last?.reason.facts?.['withoutShadow']).toBeGreaterThan(last?.replicas ?? Infinity);
  });

  test('is not followed when it saves nothing, or saves by being late', () => {
    const frugal = { policy: 'hpa', target: 0.9 };
    const same = tell({ ...frugal, shadow: { policy: 'hpa', trialMs: hourMs, takesOver: true } }, swing);
    expect(same.every((advice) => advice.shadow?.leads !== true)).toBe(true);
    const short = { policy: 'band', trialMs: hourMs, takesOver: true };
    const late = tell({ policy: 'hpa', upAt: 3, downAt: 2, shadow: short }, swing);
    expect(late.at(-1)?.reason.facts?.['shadowSaves']).toBeGreaterThan(0.1);
    expect(late.every((advice) => advice.shadow?.leads !== true)).toBe(true);
  });

  test('hands back when the gain is gone', () => {
    const spec = { policy: 'band', upAt: 0.9, downAt: 0.05 };
    const trial = { policy: 'hpa', trialMs: hourMs, gain: 0.05, takesOver: true };
    // After a peak a band that hardly gives back keeps too much; under a load that then grows to it, it does not.
    const peak = [...Array.from({ length: 60 }, () => 40), ...Array.from({ length: 1440 }, () => 8)];
    const leads = tell({ ...spec, shadow: trial }, [...peak, ...Array.from({ length: 4000 }, () => 38)]).map(
      (advice) => advice.shadow?.leads,
    );
    expect(leads[1400]).toBe(true);
    expect(leads.at(-1)).toBe(false);
  });

  test('whatever comes, stays within the bounds, and holds when nothing is known', () => {
    const load = fc.double({ min: 0, max: 200, noNaN: true });
    fc.assert(
      fc.property(fc.array(load, { maxLength: 120 }), fc.boolean(), (offered, takesOver) => {
        const spec = { policy: 'predictive', shadow: { trialMs: 60_000, gain: 0, takesOver } };
        for (const { replicas, shadow: told } of tell(spec, offered)) {
          expect(Number.isInteger(replicas) && replicas >= 1 && replicas <= 100).toBe(true);
          expect(told === undefined || (told.replicas >= 1 && told.replicas <= 100)).toBe(true);
        }
        const scaler = createScaler(scalingSpec.parse(spec), { min: 1, max: 100 });
        const blind = { nowMs: 0, wanted: 7, ready: 0, coldStartMs: 30_000, load: undefined };
        expect(scaler.decide(blind)).toMatchObject({ replicas: 7, reason: { code: 'no-measurements' } });
      }),
      { numRuns: 30 },
    );
  });
});
