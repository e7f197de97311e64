import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createServiceCurve,
  learn,
  predictMs,
  ratesOf,
  recordOf,
  restoreCurve,
  type Measured,
  type ServiceCurve,
} from './service-curve.ts';

function learned(samples: readonly Measured[]): ServiceCurve {
  const curve = createServiceCurve();
  for (const sample of samples) learn(curve, sample);
  return curve;
}

const rate = fc.double({ min: 0, max: 50, noNaN: true });
const trueRates = fc.record({
  inputMs: rate,
  outputMs: rate,
  fixedMs: fc.double({ min: 0.1, max: 500, noNaN: true }),
});
const size = fc.record({ inputs: fc.nat(4000), outputs: fc.nat(1000) });
const took = (
  rates: { inputMs: number; outputMs: number; fixedMs: number },
  inputs: number,
  outputs: number,
) => rates.inputMs * inputs + rates.outputMs * outputs + rates.fixedMs;

describe('service curve', () => {
  it('knows nothing before the first measurement, and says so', () => {
    expect([predictMs(createServiceCurve(), 10, 10), ratesOf(createServiceCurve())]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('finds the curve of a language model', () => {
    fc.assert(
      fc.property(trueRates, fc.array(size, { minLength: 30, maxLength: 60 }), (rates, sizes) => {
        const varied = [
          ...sizes,
          { inputs: 0, outputs: 0 },
          { inputs: 4000, outputs: 0 },
          { inputs: 0, outputs: 1000 },
        ];
        const curve = learned(
          varied.map((one) => ({ ...one, tookMs: took(rates, one.inputs, one.outputs) })),
        );
        for (const { inputs, outputs } of sizes) {
          const truly = took(rates, inputs, outputs);
          expect(Math.abs((predictMs(curve, inputs, outputs) ?? 0) - truly)).toBeLessThan(0.01 * truly + 0.5);
        }
      }),
    );
  });

  it('finds the curve of a batch engine, where there are no outputs', () => {
    const curve = learned([1, 2, 4, 8, 1, 3, 16].map((b) => ({ inputs: b, outputs: 0, tookMs: 5 * b + 12 })));
    expect(ratesOf(curve)?.inputMs).toBeCloseTo(5, 2);
    expect(ratesOf(curve)?.fixedMs).toBeCloseTo(12, 2);
  });

  it('is never negative and predicts within what it saw, whatever it was told', () => {
    const sample = fc.record({
      inputs: fc.nat(4000),
      outputs: fc.nat(1000),
      tookMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 80 }), (samples) => {
        const curve = learned(samples);
        expect([...curve.coefficients].every((one) => one >= 0 && Number.isFinite(one))).toBe(true);
        expect(predictMs(curve, 100, 100)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is right at the one size it ever saw', () => {
    const curve = learned(Array.from({ length: 200 }, () => ({ inputs: 500, outputs: 60, tookMs: 900 })));
    expect(predictMs(curve, 500, 60)).toBeCloseTo(900, 2);
    expect(predictMs(curve, 1000, 120)).toBeGreaterThan(900);
  });

  it('shrugs off one measurement that came out wrong, and follows a change that lasts', () => {
    const steady = Array.from({ length: 100 }, (_, n) => ({
      inputs: 100 + (n % 7),
      outputs: 20,
      tookMs: 50 + (n % 3),
    }));
    const curve = learned(steady);
    learn(curve, { inputs: 100, outputs: 20, tookMs: 60_000 });
    for (let n = 0; n < 8; n++) learn(curve, { inputs: 100 + n, outputs: 20, tookMs: 51 });
    expect(predictMs(curve, 100, 20)).toBeLessThan(70);
    for (let n = 0; n < 300; n++) learn(curve, { inputs: 100 + (n % 7), outputs: 20, tookMs: 200 });
    expect(predictMs(curve, 100, 20)).toBeGreaterThan(180);
  });

  it('says after a restart what it said before', () => {
    const curve = learned(
      [1, 2, 4, 8, 1, 3, 16].map((n) => ({ inputs: 100 * n, outputs: 7 * (n % 3), tookMs: 3 * n + 12 })),
    );
    const again = createServiceCurve();
    const record = recordOf(curve);
    if (record !== undefined) restoreCurve(again, record);
    expect(predictMs(again, 350, 10)).toBeCloseTo(predictMs(curve, 350, 10) ?? 0, 2);
    expect(again.samples).toBe(7);
  });
});
