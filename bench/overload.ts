/**
 * What a gateway keeps serving under more load than there is capacity, over HTTP, with clients that retry.
 *
 * Ten workers that take 50 ms for each request stand behind the whole platform (keys, admission, fair order, metrics
 * on). Calls come at random whatever becomes of the others; a client waits a second, and after a refusal or in vain it
 * tries again twice, after a tenth of a second and without heeding `Retry-After`. A call is good when one of its
 * attempts is answered within its second. The bound is `min(1, capacity ÷ load)`, with the capacity of workers that
 * never wait for the next request. Beside it: the engine's own queue, first come, first served, without a limit, as it
 * is without a gateway; once it works on what nobody waits for any more, once it drops that.
 *
 * Last, four replicas of one deployment, one of which is slow or fails, under a load that the other three can carry.
 *
 *     npm run bench:overload -- [--seconds 8] [--loads 0.9,1.2,2,5] [--no-spike] [--no-faults] [--no-baselines]
 */
import { parseArgs } from 'node:util';
import { apiVersion } from '#schema';
import { cacheFolder } from './harness/cache.ts';
import { startPlatform, type Platform } from './harness/platform.ts';
import { askForPriority } from './harness/process.ts';
import { printResult, printTable } from './harness/result.ts';
import { measureCapacity, putLoad, type Call, type Class, type Target } from './overload/clients.ts';
import { startEngine } from './overload/engine.ts';
import { measureFault, type Fault } from './overload/faults.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    loads: { type: 'string', default: '0.9,1.2,2,5' },
    spike: { type: 'boolean', default: true },
    baselines: { type: 'boolean', default: true },
    faults: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const seconds = Number(options.seconds);
const loads = options.loads.split(',').map(Number);

const workers = 10;
const serviceMs = 50;
/** So many more are sent than the engine works on, so that it need not wait for the next one to arrive. */
const ahead = 2;
const criticalShare = 0.1;
const warmUpSeconds = 2;
/** The load goes on while what was measured is answered: retries into a system at rest would flatter it. */
const afterSeconds = 3;
/** What the workers could do if none ever waited for its next request: more than any real one does. */
const capacity = workers * (1000 / serviceMs);
const path = '/v1/chat/completions';

interface Contender {
  readonly name: string;
  readonly target: Target;
}

/** A key of each class: only one of them may call its requests critical. */
async function createKeys(platform: Platform): Promise<Record<Class, string>> {
  const keys: Record<string, string> = {};
  for (const priority of ['critical', 'standard'] as const) {
    const response = await fetch(`http://127.0.0.1:${platform.port}/api/v1/keys/${priority}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion, kind: 'Key', metadata: { name: priority }, spec: { priority } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    keys[priority] = /mr_[0-9a-f]+/.exec(text)?.[0] ?? '';
  }
  return { critical: keys['critical'] ?? '', standard: keys['standard'] ?? '' };
}

async function startGateway(enginePort: number): Promise<Contender & { platform: Platform }> {
  const platform = await startPlatform();
  const name = 'timed';
  const engine = {
    name: 'openai',
    options: { url: `http://127.0.0.1:${enginePort}`, concurrency: workers + ahead },
  };
  await platform.apply([
    { apiVersion, kind: 'Model', metadata: { name }, spec: {} },
    {
      apiVersion,
      kind: 'ModelVersion',
      metadata: { name: `${name}.1` },
      spec: { model: name, version: '1', source: 'none' },
    },
    { apiVersion, kind: 'Deployment', metadata: { name }, spec: { model: name, version: '1', engine } },
  ]);
  await platform.ready(name);
  const keys = await createKeys(platform);
  return {
    name: 'millrace',
    platform,
    target: { origins: [`http://127.0.0.1:${platform.port}`], path, model: name, keys },
  };
}

function goodShare(calls: readonly Call[]): number {
  return calls.filter((call) => call.good).length / calls.length;
}

interface Outcome {
  readonly load: number;
  readonly good: number;
  readonly toBound: number;
  readonly critical: number;
  readonly p99Ms: number;
  readonly attempts: number;
}

async function measure({ target }: Contender, load: number): Promise<Outcome> {
  const all = await putLoad(target, {
    seconds: warmUpSeconds + seconds + afterSeconds,
    rateAt: () => load * capacity,
    criticalShare,
    seed: Math.round(load * 1000),
  });
  const calls = all.filter((call) => call.at >= warmUpSeconds && call.at < warmUpSeconds + seconds);
  // What really came, not what was meant to: chance makes some difference in a few seconds.
  const bound = Math.min(1, capacity / (calls.length / seconds));
  const took = calls.filter((call) => call.good).map((call) => call.tookMs);
  const good = goodShare(calls);
  return {
    load,
    good,
    toBound: good / bound,
    critical: goodShare(calls.filter((call) => call.class === 'critical')),
    p99Ms: took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Number.NaN,
    attempts: calls.reduce((sum, call) => sum + call.attempts, 0) / calls.length,
  };
}

const spike = { from: 5, to: 15, seconds: 30, calm: 0.8, high: 3 };
const windowSeconds = 0.5;

/** How long after the spike calls are answered again: the end of the last half second in which they were not. */
function recoverySeconds(calls: readonly Call[]): number {
  let recovered = spike.to;
  for (let from = spike.to; from < spike.seconds; from += windowSeconds) {
    const window = calls.filter((call) => call.at >= from && call.at < from + windowSeconds);
    if (window.length > 0 && goodShare(window) < 0.95) recovered = from + windowSeconds;
  }
  return recovered - spike.to;
}

async function measureSpike({ target }: Contender) {
  const calls = await putLoad(target, {
    seconds: spike.seconds,
    rateAt: (at) => (at >= spike.from && at < spike.to ? spike.high : spike.calm) * capacity,
    criticalShare,
    seed: 77,
  });
  const after = calls.filter((call) => call.at >= spike.to);
  return {
    recovery: recoverySeconds(calls),
    after: goodShare(after),
    critical: goodShare(calls.filter((call) => call.class === 'critical')),
  };
}

const percent = (share: number): string => (share * 100).toFixed(1);

askForPriority();
cacheFolder('.');
const engine = await startEngine(workers, serviceMs);
const stubborn = await startEngine(workers, serviceMs, 'stubborn');
const direct = (port: number): Target => ({
  origins: [`http://127.0.0.1:${port}`],
  path,
  model: 'timed',
  keys: {},
});
const alone = await measureCapacity(direct(engine.port), { places: 2 * workers, seconds: 3 });
console.log(
  `${workers} workers of ${serviceMs} ms can do ${capacity} requests/s at most; the engine asked directly does ${alone.toFixed(1)}.`,
);
const millrace = await startGateway(engine.port);
const rows: string[][] = [['', 'load', 'good %', 'to bound', 'critical %', 'p99 ms', 'attempts']];
const outcomes = new Map<number, Outcome>();

async function add(contender: Contender, load: number): Promise<Outcome> {
  const outcome = await measure(contender, load);
  const { good, toBound, critical, p99Ms, attempts } = outcome;
  rows.push([
    contender.name,
    `${load}x`,
    percent(good),
    toBound.toFixed(3),
    percent(critical),
    p99Ms.toFixed(0),
    attempts.toFixed(2),
  ]);
  console.log((rows.at(-1) ?? []).join('  '));
  return outcome;
}

for (const load of loads) outcomes.set(load, await add(millrace, load));
const result: Record<string, number | undefined> = {
  goodput_to_bound_09x: outcomes.get(0.9)?.toBound,
  goodput_to_bound_12x: outcomes.get(1.2)?.toBound,
  goodput_to_bound_2x: outcomes.get(2)?.toBound,
  goodput_to_bound_5x: outcomes.get(5)?.toBound,
  critical_2x: outcomes.get(2)?.critical,
};
if (options.spike) {
  const { recovery, after, critical } = await measureSpike(millrace);
  console.log(
    `spike, millrace: recovered after ${recovery} s; ${percent(after)} % good after it; critical ${percent(critical)} %`,
  );
  Object.assign(result, { recovery_s: recovery, critical_spike: critical });
}
for (const fault of options.faults ? (['slow', 'failing'] satisfies Fault[]) : []) {
  const { millrace: ours, chance } = await measureFault(millrace, fault, seconds);
  console.log(
    `one of four replicas ${fault}: ${percent(ours.good)} % good at the first attempt, p99 ${ours.p99Ms.toFixed(0)} ms; clients that choose by chance: ${percent(chance.good)} %, p99 ${chance.p99Ms.toFixed(0)} ms`,
  );
  result[`${fault}_replica_goodput`] = ours.good;
  result[`${fault}_replica_goodput_by_chance`] = chance.good;
}
if (options.baselines) {
  const fifo = { name: 'fifo, no limit', target: direct(stubborn.port) };
  await add({ name: 'fifo, leavers dropped', target: direct(engine.port) }, 2);
  await add(fifo, 2);
  if (options.spike) {
    const { recovery, after } = await measureSpike(fifo);
    console.log(
      `spike, fifo without a limit: recovered after ${recovery} s; ${percent(after)} % good after it`,
    );
  }
}
console.log('');
printTable(rows);
await millrace.platform.stop();
await engine.stop();
await stubborn.stop();
printResult(result);
process.exit(0);
