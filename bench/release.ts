/**
 * What people notice of a release: the slowest hundredth of answers during a blue-green switch and a rolling update of
 * an embedded model beside the time before, requests that fail meanwhile, and how soon a rollback is in force. A real
 * platform with the demo model, asked at a steady rate.
 *
 *     npm run bench:release -- [--rounds 6] [--seconds 10] [--per-second 20] [--model models/demo/demo-q8_0.gguf]
 */
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { apiVersion, isReleaseOver, resourceSchemas, type Release } from '#schema';
import { median } from './harness/median.ts';
import { resourcesOf, startPlatform } from './harness/platform.ts';
import { printResult, printTable } from './harness/result.ts';
import { letIn, p99Of, tookBetween } from './release/visitors.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '20' },
    model: { type: 'string', default: 'models/demo/demo-q8_0.gguf' },
  },
});
const rounds = Number(options.rounds);
const windowMs = Number(options.seconds) * 1000;
const source = `file:${resolve(options.model)}`;
const limitMs = 180_000;

const platform = await startPlatform();

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const untilMs = Date.now() + limitMs; Date.now() < untilMs; await delay(50)) {
    const found = await ask();
    if (found !== undefined) return found;
  }
  throw new Error('The platform did not come so far in three minutes.');
}

const engine = { name: 'llama', options: { sequences: 4, contextTokens: 512 } };

function deployment(version: string): unknown {
  const spec = { model: 'bench', version, engine, replicas: { min: 2 } };
  return { apiVersion, kind: 'Deployment', metadata: { name: 'bench' }, spec };
}

async function readyOf(version: string): Promise<number> {
  const list = z.object({ items: z.array(resourceSchemas.Replica) });
  const { items } = list.parse(await platform.read('/api/v1/replicas'));
  const isOld = items.some(({ spec }) => spec.version !== version);
  return isOld ? 0 : items.filter(({ status }) => status?.state === 'ready').length;
}

const allOf = (version: string): Promise<true> =>
  eventually(async () => ((await readyOf(version)) === 2 ? true : undefined));

async function release(name: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
  const given = { deployment: 'bench', ...spec };
  await platform.apply([{ apiVersion, kind: 'Release', metadata: { name }, spec: given }]);
}

async function until(name: string, fits: (release: Release) => boolean): Promise<Release> {
  return eventually(async () => {
    const found = resourceSchemas.Release.parse(await platform.read(`/api/v1/releases/${name}`));
    return fits(found) ? found : undefined;
  });
}

const stateOf = ({ status }: Release) => status?.state ?? 'pending';

const body = JSON.stringify({
  model: 'bench',
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  max_tokens: 8,
});

/** How long answers took before a change and while it went on, all rounds together, and how many did not come. */
interface Change {
  readonly what: string;
  readonly before: number[];
  readonly during: number[];
  readonly tookMs: number[];
  failed: number;
}

/** Asks steadily for a while, then through the change, from its beginning until a while after its end. */
async function measure(change: Change, carryOut: () => Promise<unknown>): Promise<void> {
  const visitors = letIn({ port: platform.port, key: platform.key, body }, Number(options['per-second']));
  // What has just been started or changed comes to rest first: else the time before would flatter the change.
  await delay(windowMs / 2);
  const fromMs = Date.now();
  await delay(windowMs);
  const beganMs = Date.now();
  await carryOut();
  change.tookMs.push(Date.now() - beganMs);
  await delay(windowMs / 2);
  await visitors.stop();
  change.before.push(...tookBetween(visitors.visits, fromMs, beganMs));
  change.during.push(...tookBetween(visitors.visits, beganMs, Date.now()));
  change.failed += visitors.visits.filter(({ status }) => status !== 200).length;
}

interface Rollback {
  readonly inForceMs: number;
  readonly badServed: number;
  readonly foundMs: number;
}

/** A version that fails half of its requests: what it answered until it was rolled back, and what after. */
async function rollback(): Promise<Rollback> {
  const visitors = letIn({ port: platform.port, key: platform.key, body }, Number(options['per-second']));
  const bad = { name: 'fake', options: { errorRate: 0.5 } };
  await release('bad', { version: '3', engine: bad, steps: [20, 100], samplesMin: 50 });
  const over = await until('bad', (found) => isReleaseOver(stateOf(found)));
  await delay(2000);
  await visitors.stop();
  const ofIt = visitors.visits.filter(({ version }) => version === 'bench@3');
  const begun = ofIt.map(({ startedAtMs }) => startedAtMs);
  const decided = Date.parse(over.status?.since ?? '');
  return {
    inForceMs: Math.max(0, Math.max(...begun) - decided),
    badServed: ofIt.filter(({ status }) => status !== 200).length,
    foundMs: decided - Math.min(...begun),
  };
}

const versions = ['2', '3'].map((version) => ({
  apiVersion,
  kind: 'ModelVersion',
  metadata: { name: `bench.${version}` },
  spec: { model: 'bench', version, source },
}));
await platform.apply([...resourcesOf({ name: 'bench', source, engine }), ...versions]);
await platform.apply([deployment('1')]);
await allOf('1');

const changeOf = (what: string): Change => ({ what, before: [], during: [], tookMs: [], failed: 0 });
const blueGreen = changeOf('blue-green switch');
const rolling = changeOf('rolling update');
for (let round = 1; round <= rounds; round += 1) {
  await measure(blueGreen, async () => {
    await release(`switch-${round}`, { version: '2', strategy: 'blue-green', rollbackWindowMs: 1000 });
    await until(`switch-${round}`, (found) => stateOf(found) === 'promoted');
    await allOf('2');
  });
  await measure(rolling, async () => {
    await platform.apply([deployment('1')]);
    await allOf('1');
  });
  console.log(`round ${round} of ${rounds} done`);
}
const back = await rollback();
await platform.stop();

const ratioOf = ({ before, during }: Change): number => p99Of(during) / p99Of(before);
printTable([
  ['', 'p99 before, ms', 'p99 during, ms', 'ratio', 'requests during', 'failed', 'took, s'],
  ...[blueGreen, rolling].map((change) => [
    change.what,
    p99Of(change.before).toFixed(1),
    p99Of(change.during).toFixed(1),
    ratioOf(change).toFixed(2),
    String(change.during.length),
    String(change.failed),
    (median(change.tookMs) / 1000).toFixed(1),
  ]),
]);
console.log(
  `A version that fails half of its requests: found after ${(back.foundMs / 1000).toFixed(1)} s and ${back.badServed} ` +
    `failures; its last request began ${back.inForceMs} ms after the decision.`,
);
printResult({
  blue_green_p99_ratio: ratioOf(blueGreen),
  rolling_p99_ratio: ratioOf(rolling),
  p99_before_ms: p99Of(blueGreen.before),
  p99_switch_ms: p99Of(blueGreen.during),
  failed_requests: blueGreen.failed + rolling.failed,
  rollback_ms: back.inForceMs,
  bad_requests_before_rollback: back.badServed,
});
process.exit(0);
