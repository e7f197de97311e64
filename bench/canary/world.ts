import { bucketCount, bucketOf, type Doings, type Pair } from '#policies';

/** What one version is like: how often it fails, and how its latencies are spread (log-normal). */
export interface Nature {
  readonly errorRate: number;
  readonly medianMs: number;
}

/** Between the fastest and the slowest sixth of answers lies a factor of e: usual for language models. */
export const sigma = 0.5;

export const stableNature: Nature = { errorRate: 0.01, medianMs: 400 };

const tableSize = 8192;

function polynomial(of: readonly number[], x: number): number {
  return of.reduce((sum, one) => sum * x + one, 0);
}

/** The inverse of the normal distribution, by Acklam's approximation (1e-9). */
export function normalQuantile(part: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  if (part < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(part));
    return polynomial(c, q) / (polynomial(d, q) * q + 1);
  }
  if (part > 1 - 0.02425) return -normalQuantile(1 - part);
  const q = part - 0.5;
  return (polynomial(a, q * q) * q) / (polynomial(b, q * q) * q * q + 1);
}

/** What each step of chance makes of a latency, as a factor of the median. */
const factors = Float64Array.from({ length: tableSize }, (_, at) =>
  Math.exp(sigma * normalQuantile((at + 0.5) / tableSize)),
);

const bucketTables = new Map<number, Uint8Array>();

/** The bucket of each step of chance: computed once for each median. */
function bucketsAround(medianMs: number): Uint8Array {
  const known = bucketTables.get(medianMs);
  if (known !== undefined) return known;
  const buckets = Uint8Array.from(factors, (factor) => bucketOf(medianMs * factor));
  bucketTables.set(medianMs, buckets);
  return buckets;
}

/** The requests of one version in one look. */
export interface Arm {
  readonly requests: number;
  readonly errors: number;
  readonly buckets: number[];
  readonly latenciesMs: readonly number[];
}

export interface StreamTerms {
  readonly chance: () => number;
  readonly share: number;
  readonly candidate: Nature;
  /** Requests of both versions together in one look. */
  readonly requests: number;
  /** Whether each latency is kept: only those who compare by time series want them. */
  readonly keepLatencies?: boolean;
}

const noCounts: readonly number[] = Array.from({ length: bucketCount }, () => 0);

function emptyArm(): { requests: number; errors: number; buckets: number[]; latenciesMs: number[] } {
  return { requests: 0, errors: 0, buckets: noCounts.slice(), latenciesMs: [] };
}

interface Side {
  readonly arm: ReturnType<typeof emptyArm>;
  readonly nature: Nature;
  readonly buckets: Uint8Array;
}

function sideOf(nature: Nature): Side {
  return { arm: emptyArm(), nature, buckets: bucketsAround(nature.medianMs) };
}

function serve({ arm, nature, buckets }: Side, chance: () => number, keepLatencies: boolean): void {
  arm.requests += 1;
  if (chance() < nature.errorRate) arm.errors += 1;
  const at = Math.floor(chance() * tableSize);
  const bucket = buckets[at] ?? 0;
  arm.buckets[bucket] = (arm.buckets[bucket] ?? 0) + 1;
  if (keepLatencies) arm.latenciesMs.push(nature.medianMs * (factors[at] ?? 1));
}

/** One look at a stream: each request goes to the candidate with the chance `share`. */
export function look(terms: StreamTerms): Pair<Arm> {
  const { chance, share, keepLatencies = false } = terms;
  const candidate = sideOf(terms.candidate);
  const stable = sideOf(stableNature);
  for (let one = 0; one < terms.requests; one += 1)
    serve(chance() < share ? candidate : stable, chance, keepLatencies);
  return { candidate: candidate.arm, stable: stable.arm };
}

export function errorNews({ candidate, stable }: Pair<Arm>): Pair<Doings> {
  const of = ({ requests, errors }: Arm): Doings => ({ requests, bad: errors, buckets: [] });
  return { candidate: of(candidate), stable: of(stable) };
}

export function latencyNews({ candidate, stable }: Pair<Arm>): Pair<Doings> {
  const of = ({ requests, buckets }: Arm): Doings => ({ requests, bad: 0, buckets });
  return { candidate: of(candidate), stable: of(stable) };
}
