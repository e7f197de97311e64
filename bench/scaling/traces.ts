import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRng } from '../../src/sim/clock/index.ts';
import { drawNormal } from '../../src/sim/workload/draw.ts';
import { readRateCurve, type RatePoint } from '../../src/sim/workload/rate-curve.ts';

/** Requests per second in steps of ten seconds, in two parts: one to tune on, a later one to report on. */
export interface LoadTrace {
  readonly name: string;
  readonly tune: Float64Array;
  readonly report: Float64Array;
  /** Of the later part, the load without its noise. */
  readonly reportMean: Float64Array;
}

export const stepMs = 10_000;
/** What one replica serves per second. */
export const replicaRatePerS = 10;

const noiseCv = 0.1;

/** Between the points of a curve in a straight line, at every step. */
function steppedRates(curve: readonly RatePoint[]): Float64Array {
  const last = curve.at(-1)?.fromMs ?? 0;
  const rates = new Float64Array(Math.floor(last / stepMs));
  let at = 0;
  for (let step = 0; step < rates.length; step++) {
    const nowMs = step * stepMs;
    while ((curve[at + 1]?.fromMs ?? Infinity) <= nowMs) at += 1;
    const [from, to] = [curve[at], curve[at + 1]];
    if (from === undefined || to === undefined) break;
    const share = (nowMs - from.fromMs) / (to.fromMs - from.fromMs);
    rates[step] = from.ratePerS + share * (to.ratePerS - from.ratePerS);
  }
  return rates;
}

/** Multiplies with noise that lasts: an autoregressive process of the first order with a spread of a tenth. */
function withNoise(rates: Float64Array, persistence: number, seed: number): Float64Array {
  const rng = createSeededRng(seed);
  const fresh = noiseCv * Math.sqrt(1 - persistence * persistence);
  let noise = 0;
  return rates.map((rate) => {
    noise = persistence * noise + fresh * drawNormal(rng);
    return Math.max(0, rate * (1 + noise));
  });
}

interface TraceInput {
  readonly name: string;
  readonly path: string;
  readonly days: readonly [tune: number, report: number];
  readonly scale: number;
}

const stepsPerDay = 86_400_000 / stepMs;

/** Production loads; scaled so that their mean keeps about ten to twenty replicas busy. */
const inputs: readonly TraceInput[] = [
  { name: 'm-large', path: 'servegen/m-large_total_10min.csv', days: [6, 3], scale: 1 },
  { name: 'm-small', path: 'servegen/m-small_total_10min.csv', days: [6, 3], scale: 0.2 },
  { name: 'azure-code', path: 'azure-llm-2024-digitised/code_rate.csv', days: [3, 2], scale: 4 },
  { name: 'azure-conv', path: 'azure-llm-2024-digitised/conv_rate.csv', days: [3, 2], scale: 4 },
];

/** Of the noise, from one step of ten seconds to the next. */
export const persistence = 0.95;

function loadTrace(input: TraceInput, seed: number): LoadTrace {
  const curve = readRateCurve(input.path)
    // Windows without a single request are gaps in the data, not hours without load.
    .filter(({ ratePerS }) => ratePerS > 0)
    .map(({ fromMs, ratePerS }) => ({ fromMs, ratePerS: ratePerS * input.scale }));
  const means = steppedRates(curve);
  const rates = withNoise(means, persistence, seed);
  const [tune, report] = input.days;
  const middle = Math.round(tune * stepsPerDay);
  const end = Math.round((tune + report) * stepsPerDay);
  return {
    name: input.name,
    tune: rates.slice(0, middle),
    report: rates.slice(middle, end),
    reportMean: means.slice(middle, end),
  };
}

/** All loads from the folder of the data, or undefined where it is not there. */
export function loadTraces(folder: string, seed = 1): readonly LoadTrace[] | undefined {
  if (!existsSync(join(folder, 'servegen'))) return undefined;
  return inputs.map((input) => loadTrace({ ...input, path: join(folder, input.path) }, seed));
}
