import { fitNonNegative, momentCount } from './non-negative.ts';

/** How long a piece of work occupies its place: `inputMs · inputs + outputMs · outputs + fixedMs`. */
export interface Rates {
  /** α: per token of the prompt, or per request of a batch. */
  readonly inputMs: number;
  /** β of language models: per token of the answer. */
  readonly outputMs: number;
  /** γ: whatever the size. */
  readonly fixedMs: number;
}

/** What was learned of one model version on one engine and hardware. Changed in place by `learn` alone. */
export interface ServiceCurve {
  /** Measurements so far; 0 means that nothing is known. */
  samples: number;
  /** Decaying sums of products of the features, and of features and times. */
  readonly moments: Float64Array;
  /** inputMs, outputMs, fixedMs. */
  readonly coefficients: Float64Array;
  /** Decaying mean of what a prediction was off by. */
  spreadMs: number;
}

export interface Measured {
  readonly inputs: number;
  readonly outputs: number;
  readonly tookMs: number;
}

/** A sample's weight after n further ones is `memory ** n`: about the last hundred count. */
const memory = 0.99;
const spreadWeight = 0.05;
/** A measurement further off than so many times the usual counts as if it were only that far off. */
const outlierSpreads = 4;
/** Before so many samples there is no usual. */
const outliersAfter = 8;
/** Later the curve is fitted again only after every so many samples. */
const fitEvery = 8;

export function createServiceCurve(): ServiceCurve {
  return {
    samples: 0,
    moments: new Float64Array(momentCount),
    coefficients: new Float64Array(3),
    spreadMs: 0,
  };
}

function valueAt({ coefficients }: ServiceCurve, inputs: number, outputs: number): number {
  return (coefficients[0] ?? 0) * inputs + (coefficients[1] ?? 0) * outputs + (coefficients[2] ?? 0);
}

/** Milliseconds that work of this size occupies a place; undefined while nothing was measured. */
export function predictMs(curve: ServiceCurve, inputs: number, outputs: number): number | undefined {
  return curve.samples === 0 ? undefined : valueAt(curve, inputs, outputs);
}

/** The usual size of an answer of what was measured; undefined while nothing was. */
export function usualOutputs({ samples, moments }: ServiceCurve): number | undefined {
  const weight = moments[5] ?? 0;
  return samples === 0 || weight <= 0 ? undefined : (moments[4] ?? 0) / weight;
}

export function ratesOf({ samples, coefficients }: ServiceCurve): Rates | undefined {
  if (samples === 0) return undefined;
  return {
    inputMs: coefficients[0] ?? 0,
    outputMs: coefficients[1] ?? 0,
    fixedMs: coefficients[2] ?? 0,
  };
}

/** One measurement that came out wrong must not bend the curve; a change that lasts must. */
function trustIn(curve: ServiceCurve, sample: Measured): number {
  const expectedMs = valueAt(curve, sample.inputs, sample.outputs);
  const off = Math.abs(sample.tookMs - expectedMs);
  const usual = Math.max(curve.spreadMs, 0.01 * expectedMs);
  const bound = outlierSpreads * usual;
  const isMature = curve.samples >= outliersAfter;
  if (curve.samples > 0)
    curve.spreadMs += spreadWeight * ((isMature ? Math.min(off, bound) : off) - curve.spreadMs);
  return isMature && off > bound ? bound / off : 1;
}

/** Written out: this runs for every answer, and makes nothing. */
function add(moments: Float64Array, { inputs, outputs, tookMs }: Measured, weight: number): void {
  for (let at = 0; at < momentCount; at += 1) moments[at] = memory * (moments[at] ?? 0);
  const plus = (at: number, sum: number): void => {
    moments[at] = (moments[at] ?? 0) + weight * sum;
  };
  plus(0, inputs * inputs);
  plus(1, inputs * outputs);
  plus(2, inputs);
  plus(3, outputs * outputs);
  plus(4, outputs);
  plus(5, 1);
  plus(6, inputs * tookMs);
  plus(7, outputs * tookMs);
  plus(8, tookMs);
}

/**
 * Takes a measurement in: recursive least squares with forgetting, in the form that keeps the sums (the information
 * matrix) instead of their inverse, so that no coefficient can become negative and data that never vary break nothing:
 * they then give one right point of the curve, spread evenly over the features.
 */
export function learn(curve: ServiceCurve, sample: Measured): void {
  if (!(sample.tookMs > 0) || !(sample.inputs >= 0) || !(sample.outputs >= 0)) return;
  const weight = trustIn(curve, sample);
  add(curve.moments, sample, weight);
  curve.samples += 1;
  if (curve.samples <= 4 * fitEvery || curve.samples % fitEvery === 0)
    fitNonNegative(curve.moments, curve.coefficients);
}

/** A curve as it is written down, and read again after a restart. */
export interface CurveRecord extends Rates {
  readonly samples: number;
  readonly spreadMs: number;
  /** The usual size, which tells where the curve is known best. */
  readonly meanInputs: number;
  readonly meanOutputs: number;
}

export function recordOf(curve: ServiceCurve): CurveRecord | undefined {
  const rates = ratesOf(curve);
  const weight = curve.moments[5] ?? 0;
  if (rates === undefined || weight <= 0) return undefined;
  return {
    ...rates,
    samples: curve.samples,
    spreadMs: curve.spreadMs,
    meanInputs: (curve.moments[2] ?? 0) / weight,
    meanOutputs: (curve.moments[4] ?? 0) / weight,
  };
}

/** Starts a curve from what was written down; what is measured from now on soon counts more. */
export function restoreCurve(curve: ServiceCurve, record: CurveRecord): void {
  const { meanInputs, meanOutputs, inputMs, outputMs, fixedMs } = record;
  const points = [
    [0, 0],
    [2 * meanInputs, 0],
    [0, 2 * meanOutputs],
    [meanInputs, meanOutputs],
  ] as const;
  for (const [inputs, outputs] of points) {
    const tookMs = inputMs * inputs + outputMs * outputs + fixedMs;
    add(curve.moments, { inputs, outputs, tookMs }, 1);
  }
  curve.samples = Math.max(1, record.samples);
  curve.spreadMs = record.spreadMs;
  fitNonNegative(curve.moments, curve.coefficients);
}
