import { apiVersion } from '#schema';
import type { Platform } from '../harness/platform.ts';
import { putLoad, type Target } from './clients.ts';
import { startEngine } from './engine.ts';

/** What is wrong with one of four replicas: it takes forty times as long, or it answers everything with 500 at once. */
const faults = {
  slow: { serviceMs: 2000, manner: 'well' },
  failing: { serviceMs: 50, manner: 'failing' },
} as const;

export type Fault = keyof typeof faults;

const workers = 4;
const serviceMs = 50;
const well = 3;
/** So many more are sent than a replica works on, so that it need not wait for the next one to arrive. */
const ahead = 1;
/** Of what the three that are well can do. */
const load = 0.8;
const rate = load * well * workers * (1000 / serviceMs);
const warmUpSeconds = 2;

export interface FaultOutcome {
  /** The share of calls that were answered within their second, without trying again. */
  readonly good: number;
  readonly p99Ms: number;
}

async function measure(target: Target, seconds: number): Promise<FaultOutcome> {
  const all = await putLoad(target, {
    seconds: warmUpSeconds + seconds,
    rateAt: () => rate,
    criticalShare: 0,
    seed: 5,
    attemptsMax: 1,
  });
  const calls = all.filter(({ at }) => at >= warmUpSeconds);
  const took = calls.filter(({ good }) => good).map(({ tookMs }) => tookMs);
  return {
    good: took.length / calls.length,
    p99Ms: took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Number.NaN,
  };
}

async function deploy(platform: Platform, name: string, urls: readonly string[]): Promise<void> {
  const engine = { name: 'openai', options: { concurrency: workers + ahead }, urls };
  await platform.apply([
    { apiVersion, kind: 'Model', metadata: { name }, spec: {} },
    { apiVersion, kind: 'Deployment', metadata: { name }, spec: { model: name, version: '1', engine } },
  ]);
  for (const url of urls) await platform.readyAt(name, url);
}

/**
 * Four replicas, one of which is ill, under as much load as the other three can carry: through the gateway, and from
 * clients that choose by chance among the same four.
 */
export async function measureFault(
  { platform, target }: { readonly platform: Platform; readonly target: Target },
  fault: Fault,
  seconds: number,
): Promise<{ readonly millrace: FaultOutcome; readonly chance: FaultOutcome }> {
  const ill = faults[fault];
  const engines = await Promise.all([
    ...Array.from({ length: well }, () => startEngine(workers, serviceMs)),
    startEngine(workers, ill.serviceMs, ill.manner),
  ]);
  try {
    const origins = engines.map(({ port }) => `http://127.0.0.1:${port}`);
    await deploy(platform, fault, origins);
    const millrace = await measure({ ...target, model: fault }, seconds);
    const chance = await measure({ ...target, model: fault, origins, keys: {} }, seconds);
    return { millrace, chance };
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
  }
}
