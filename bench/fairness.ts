/**
 * Whether those who share replicas get their shares: the platform's own dispatch on virtual time, with lengths of real
 * requests (Mooncake), one who asks for ten times its share beside others who ask for less than theirs.
 *
 *     npm run bench:fairness -- [--seeds 5] [--seconds 2400]
 *
 * The bound is that of start-time fair queueing: between any two who always have something waiting, the work sent for
 * them, each divided by its weight, never differs over any span by more than Li/wi + Lj/wj, L being the largest
 * request of each. It holds where a request's cost is known when it is sent; where the length of the answer shows only
 * at its end, that of start-time fair queueing at depth D does (Jin, Chase and Kaur 2004): D + 1 times as much, D being
 * the places. First come, first served is the same dispatch with everybody as one tenant.
 */
import { parseArgs } from 'node:util';
import { runThroughDispatch, type Run, type Served } from './fairness/run.ts';
import { drawArrivals, readLengths, type Pool, type Tenant } from './fairness/tenants.ts';
import { printResult, printTable } from './harness/result.ts';

const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2400' } },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, n) => n + 1);

const pool: Pool = { replicas: 2, placesEach: 16, inputMs: 0.1, outputMs: 15, fixedMs: 20 };
const places = pool.replicas * pool.placesEach;
const lengths = readLengths();
const seconds = Number(options.seconds);
const warmUpMs = 200_000;
const queueDepthMax = 4096;

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function run(
  tenants: readonly Tenant[],
  seed: number,
  more: Partial<Run> & { withOutputs?: boolean } = {},
): readonly Served[] {
  const arrivals = drawArrivals(
    { pool, tenants, seconds, withOutputs: more.withOutputs ?? true },
    lengths,
    seed,
  );
  return runThroughDispatch({
    pool,
    tenants,
    arrivals,
    firstCome: false,
    queueDepthMax,
    untilMs: seconds * 1000,
    ...more,
  });
}

/** The share of place-time between warm-up and end in which work was done. */
function utilisation(all: readonly Served[]): number {
  const endMs = seconds * 1000;
  let busyMs = 0;
  for (const { startMs, costMs } of all)
    if (startMs !== undefined)
      busyMs += Math.max(0, Math.min(endMs, startMs + costMs) - Math.max(warmUpMs, startMs));
  return busyMs / ((endMs - warmUpMs) * places);
}

/**
 * The widest difference in weighted work sent between two tenants over any span, as a multiple of what the bound
 * allows. Only where both always have something waiting, which the load sees to.
 */
function gapToBound(all: readonly Served[], tenants: readonly Tenant[], depth: number): number {
  const sent = all
    .filter(({ startMs }) => (startMs ?? 0) >= warmUpMs)
    .toSorted((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
  const pairs = tenants.flatMap((one, n) => tenants.slice(0, n).map((other) => [one, other] as const));
  return Math.max(
    ...pairs.map(([one, other]) => widestGap(sent, one, other) / (boundOf(all, one, other) * depth)),
  );
}

function widestGap(sent: readonly Served[], one: Tenant, other: Tenant): number {
  let [gap, low, high] = [0, 0, 0];
  for (const { arrival, costMs } of sent) {
    if (arrival.tenant === one.name) gap += costMs / one.weight;
    else if (arrival.tenant === other.name) gap -= costMs / other.weight;
    low = Math.min(low, gap);
    high = Math.max(high, gap);
  }
  return high - low;
}

/** What the bound allows between two: the largest request of each over its weight. */
function boundOf(all: readonly Served[], one: Tenant, other: Tenant): number {
  let [ofOne, ofOther] = [0, 0];
  for (const { arrival, costMs } of all) {
    if (arrival.tenant === one.name) ofOne = Math.max(ofOne, costMs / one.weight);
    else if (arrival.tenant === other.name) ofOther = Math.max(ofOther, costMs / other.weight);
  }
  return ofOne + ofOther;
}

/** All ask for more than their shares, so that each always has something waiting. */
const crowd: readonly Tenant[] = [
  { name: 'a', load: 0.6, weight: 1 },
  { name: 'b', load: 0.6, weight: 1 },
  { name: 'c', load: 0.9, weight: 2 },
  { name: 'd', load: 1.5, weight: 4 },
];

const victims: readonly Tenant[] = ['v1', 'v2', 'v3', 'v4'].map((name) => ({ name, load: 0.1, weight: 1 }));
/** A fifth would be its share. */
const aggressor: Tenant = { name: 'aggressor', load: 2, weight: 1 };

function victimLatencies(all: readonly Served[]): number[] {
  return all
    .filter(
      ({ arrival, endMs }) =>
        arrival.tenant !== aggressor.name && arrival.atMs >= warmUpMs && endMs !== undefined,
    )
    .map(({ arrival, endMs }) => (endMs ?? 0) - arrival.atMs);
}

function jain(all: readonly Served[], tenants: readonly Tenant[]): number {
  const got = tenants.map(({ name, weight }) =>
    all.reduce(
      (sum, { arrival, startMs, costMs }) =>
        sum + (arrival.tenant === name && startMs !== undefined ? costMs / weight : 0),
      0,
    ),
  );
  const sum = got.reduce((total, one) => total + one, 0);
  return sum ** 2 / (got.length * got.reduce((total, one) => total + one ** 2, 0));
}

console.log(
  `${places} places on ${pool.replicas} replicas, ${seconds} s of virtual time, ${seeds.length} seeds.\n`,
);
const crowdRows: string[][] = [['all always waiting', 'seed', 'gap to bound', 'Jain']];
let gapMax = 0;
for (const seed of seeds) {
  const known = run(crowd, seed, { withOutputs: false });
  const guessed = run(crowd, seed);
  const knownGap = gapToBound(known, crowd, 1);
  const guessedGap = gapToBound(guessed, crowd, places + 1);
  gapMax = Math.max(gapMax, knownGap, guessedGap);
  crowdRows.push(['cost known when sent', String(seed), knownGap.toFixed(3), jain(known, crowd).toFixed(4)]);
  crowdRows.push([
    `answers of unknown length, depth ${places}`,
    String(seed),
    guessedGap.toFixed(3),
    jain(guessed, crowd).toFixed(4),
  ]);
}
printTable(crowdRows);

const rows: string[][] = [
  [
    'victims beside an aggressor at 10x',
    'seed',
    'p50 s',
    'p99 s',
    'p99 to alone',
    'answered %',
    'utilisation',
  ],
];
const ratios: number[] = [];
const utilisations: number[] = [];
for (const seed of seeds) {
  const alone = run(victims, seed);
  const fair = run([...victims, aggressor], seed);
  const firstCome = run([...victims, aggressor], seed, { firstCome: true });
  const aloneP99 = quantile(victimLatencies(alone), 0.99);
  const due = alone.filter(({ arrival }) => arrival.atMs >= warmUpMs).length;
  for (const [name, all] of [
    ['alone', alone],
    ['fair', fair],
    ['first come, first served', firstCome],
  ] as const) {
    const took = victimLatencies(all);
    const p99 = quantile(took, 0.99);
    rows.push([
      name,
      String(seed),
      (quantile(took, 0.5) / 1000).toFixed(2),
      (p99 / 1000).toFixed(2),
      (p99 / aloneP99).toFixed(3),
      ((100 * took.length) / due).toFixed(1),
      utilisation(all).toFixed(4),
    ]);
  }
  ratios.push(quantile(victimLatencies(fair), 0.99) / aloneP99);
  utilisations.push(utilisation(fair) / utilisation(firstCome));
}
console.log('');
printTable(rows);
printResult({
  gap_to_bound_max: gapMax,
  victim_p99_ratio: Math.max(...ratios),
  utilisation: Math.min(...utilisations),
  runs: seeds.length,
});
