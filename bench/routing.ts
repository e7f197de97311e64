/**
 * How well requests are routed to replicas that cache prefixes, beside the routers in use elsewhere and a bound.
 *
 * Modelled: replicas that read prompts one after another at 8,000 tokens/s and keep the blocks they read, least
 * recently used out first; routers that know each replica's queue and what was sent to it. Not modelled: decoding,
 * the network, replicas that read several prompts at once, and tokens of answers that stay in the cache. TTFT is the
 * time from arrival to the end of reading. A simulation, except that `leastTtft` is the gateway's own code.
 *
 * The bound has one queue (first come, first served) and one endless cache for all replicas. The trace's times come in
 * bursts of some 3 s: what comes at the same time is decided about together, as dispatch does with long prompts that
 * come within a millisecond. The fourth table shows what is left of that when each burst is spread over its 3 s.
 */
import { leastTtft } from '#policies';
import { printResult, printTable } from './harness/result.ts';
import { baselines, serveOnArrival } from './routing/baselines.ts';
import { createFleet, serveBound, type FleetSetup, type Served } from './routing/fleet.ts';
import { serveWithPolicy } from './routing/live-policy.ts';
import { makeSharedPrefixes, readMooncake, speedUp, spread, type Trace } from './routing/trace.ts';

const standard: FleetSetup = { replicas: 8, tokensPerSecond: 8000, cacheTokens: 1_000_000, staleShare: 0 };

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: Float64Array, share: number): number {
  return values.toSorted()[Math.floor(values.length * share)] ?? Number.NaN;
}

function served(trace: Trace, setup: FleetSetup, router: string): Served {
  if (router === 'bound') return serveBound(trace, setup);
  const fleet = createFleet(trace, setup);
  const baseline = baselines.find((one) => one.name === router);
  if (baseline === undefined) serveWithPolicy(fleet);
  else serveOnArrival(fleet, baseline.begin());
  return fleet.served();
}

const routers = [...baselines.map((one) => one.name), leastTtft.name, 'bound'];

function row(router: string, result: Served, bound: Served): string[] {
  return [
    router,
    (result.hitTokens / result.inputTokens).toFixed(3),
    mean(result.ttftSeconds).toFixed(2),
    quantile(result.ttftSeconds, 0.99).toFixed(1),
    (mean(result.ttftSeconds) / mean(bound.ttftSeconds)).toFixed(2),
  ];
}

const head = ['router', 'hit', 'mean TTFT s', 'p99 s', 'to bound'];

/** One table; gives the mean TTFT of each router as a multiple of the bound's. */
function compare(title: string, trace: Trace, setup: FleetSetup): Map<string, number> {
  const bound = served(trace, setup, 'bound');
  const results = routers.map((router) => [router, served(trace, setup, router)] as const);
  console.log(`\n${title}`);
  printTable([head, ...results.map(([router, result]) => row(router, result, bound))]);
  return new Map(
    results.map(([router, result]) => [router, mean(result.ttftSeconds) / mean(bound.ttftSeconds)]),
  );
}

/** Only the policy: its mean TTFT as a multiple of the bound's. */
function ratio(trace: Trace, setup: FleetSetup): number {
  return (
    mean(served(trace, setup, leastTtft.name).ttftSeconds) / mean(served(trace, setup, 'bound').ttftSeconds)
  );
}

/** Time of one decision among 64 replicas at the same load, in microseconds; the second of two runs, so compiled code. */
function timeDecisions(trace: Trace): Float64Array {
  const times: number[] = [];
  for (const _ of ['warm-up', 'measured']) {
    times.length = 0;
    const fleet = createFleet(speedUp(trace, 8), { ...standard, replicas: 64 });
    serveWithPolicy(fleet, (microseconds) => void times.push(microseconds));
  }
  return Float64Array.from(times);
}

const mooncake = readMooncake();
const busy = speedUp(mooncake, 1.5);
const shared = makeSharedPrefixes(standard.replicas * standard.tokensPerSecond);

const main = compare('Mooncake, load 0.64, 1 M tokens of cache a replica', mooncake, standard);
const at96 = compare('Mooncake, load 0.96, 1 M tokens of cache a replica', busy, standard);
const synthetic = compare('Shared prefixes, 1 M tokens of cache a replica', shared, standard);
const spreadOut = compare('Mooncake spread over 3 s, load 0.64, 1 M tokens', spread(mooncake, 3), standard);

console.log(`\n${leastTtft.name}, mean TTFT to bound`);
const sizes = [300_000, 1_000_000, 3_000_000];
printTable([
  ['', ...sizes.map((size) => `${size / 1000} k tokens`)],
  ...(
    [
      ['load 0.64', mooncake, 0],
      ['load 0.96', busy, 0],
      ['load 0.64, 20 % of what the router knows is wrong', mooncake, 0.2],
    ] as const
  ).map(([title, trace, staleShare]) => [
    title,
    ...sizes.map((cacheTokens) => ratio(trace, { ...standard, cacheTokens, staleShare }).toFixed(3)),
  ]),
]);

const times = timeDecisions(mooncake);
console.log(
  `\nA decision among 64 replicas: p50 ${quantile(times, 0.5).toFixed(1)} us, p99 ${quantile(times, 0.99).toFixed(1)} us`,
);

printResult({
  ttft_to_bound: main.get(leastTtft.name),
  decision_us_p99: quantile(times, 0.99),
  rho96_ttft_to_bound: at96.get(leastTtft.name),
  synthetic_ttft_to_bound: synthetic.get(leastTtft.name),
  spread_ttft_to_bound: spreadOut.get(leastTtft.name),
  stale_ttft_to_bound: ratio(mooncake, { ...standard, staleShare: 0.2 }),
  cache_300k_ttft_to_bound: ratio(mooncake, { ...standard, cacheTokens: 300_000 }),
  cache_3m_ttft_to_bound: ratio(mooncake, { ...standard, cacheTokens: 3_000_000 }),
  random_to_bound: main.get('random'),
  round_robin_to_bound: main.get('round-robin'),
  power_of_two_to_bound: main.get('power of two choices'),
  least_work_to_bound: main.get('least work'),
  first_block_hash_to_bound: main.get('hash of the first block'),
  four_blocks_hash_to_bound: main.get('hash of the first 4 blocks'),
  bounded_hash_to_bound: main.get('the same, bounded at 1.25 (CHWBL)'),
  sticky_to_bound: main.get('sticky, tau 2 s'),
  on_arrival_to_bound: main.get('least TTFT, bound on arrival'),
});
