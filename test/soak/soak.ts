import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startPlatform } from '#app';
import { configSchema } from '#schema';
import { countedIn, type Counts, type Ledger, type Outcome } from './ledger.ts';

export interface SoakReport extends Ledger {
  readonly seconds: number;
  readonly kills: number;
  readonly heapBeforeBytes: number;
  readonly heapAfterBytes: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
}

interface World {
  readonly url: string;
  readonly key: string;
  readonly outcomes: Record<Outcome, number>;
  readonly chance: () => number;
  over: boolean;
  requests: number;
  invalid: number;
  kills: number;
}

/** A small generator, so that a run can be told again by its seed. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const deployments = {
  quick: { options: { tokens: 8, concurrency: 16 }, replicas: { min: 2 } },
  slow: { options: { tokens: 40, tokenMs: 5, concurrency: 8 }, replicas: { min: 2 } },
  failing: { options: { tokens: 8, errorRate: 0.2, concurrency: 8 }, fallbacks: [{ deployment: 'quick' }] },
  crowded: { options: { firstTokenMs: 30, concurrency: 1 }, limits: { queueDepthMax: 4 } },
} as const;

const messages = [{ role: 'user', content: 'Tell me something long and pleasant about the mill.' }];

/** One way to use the platform: path and body. */
type Ask = (model: string) => { readonly path: string; readonly body: object };
const inference: Ask = (model) => ({ path: '/v1/inference', body: { model, input_text: 'Hello' } });
const asks: readonly Ask[] = [
  inference,
  (model) => ({ path: '/v1/chat/completions', body: { model, messages } }),
  (model) => ({ path: '/v1/chat/completions', body: { model, messages, stream: true } }),
  (model) => ({ path: '/v1/completions', body: { model, prompt: 'Once', stream: true } }),
  (model) => ({ path: '/v1/embeddings', body: { model, input: ['a', 'b'] } }),
  (model) => ({ path: '/v1/messages', body: { model, messages, max_tokens: 64 } }),
  (model) => ({ path: '/v1/messages', body: { model, messages, max_tokens: 64, stream: true } }),
  (model) => ({ path: '/v1/inference', body: { model, input_text: 'Hello', stream: true } }),
];

interface Sent {
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

async function call(world: World, { path, body, signal }: Sent): Promise<Response> {
  return fetch(world.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

type Json = ReturnType<typeof JSON.parse>;

async function list(world: World, plural: string): Promise<Json[]> {
  const answer: Json = await (await call(world, { path: `/api/v1/${plural}` })).json();
  return answer.items;
}

/** Reads to the end, as slowly as asked; whether an error event came. */
async function read(response: Response, delayMs: number): Promise<boolean> {
  const decoder = new TextDecoder();
  let broken = false;
  let before = '';
  for await (const bytes of response.body ?? []) {
    const text = before + decoder.decode(bytes, { stream: true });
    broken ||= /data: \{"(type":")?error"/.test(text);
    before = text.slice(-64);
    if (delayMs > 0) await pause(delayMs);
  }
  return broken;
}

/** Longer than a request may be held for a replica that is being replaced (`limits.holdMs`). */
const stuckMs = 90_000;

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}

function oneOf<T>({ chance }: World, all: readonly T[], otherwise: T): T {
  return all[Math.floor(chance() * all.length)] ?? otherwise;
}

/** Rejects once the client has left: a body that was being read then does not always say so itself. */
function departure(signal: AbortSignal): Promise<never> {
  const gone = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('The client has left.', 'AbortError')));
  });
  gone.catch(() => undefined);
  return gone;
}

/** One request from its beginning to its one outcome. */
async function request(world: World): Promise<Outcome> {
  const model = oneOf(world, Object.keys(deployments), 'quick');
  const ask = oneOf(world, asks, inference);
  const leaving = new AbortController();
  let given = false;
  const leave = (afterMs: number, stuck: boolean) =>
    setTimeout(() => {
      given = stuck;
      leaving.abort();
    }, afterMs);
  const timers = [leave(stuckMs, true)];
  if (world.chance() < 0.15) timers.push(leave(world.chance() * 150, false));
  try {
    const gone = departure(leaving.signal);
    const response = await call(world, { ...ask(model), signal: leaving.signal });
    const broken = await Promise.race([read(response, world.chance() < 0.1 ? 20 : 0), gone]);
    if (response.status === 400) world.invalid += 1;
    if (response.status >= 400) return 'refused';
    return broken ? 'broken' : 'answered';
  } catch (thrown) {
    if (given) return 'stuck';
    return isAbort(thrown) ? 'left' : 'broken';
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function useIt(world: World): Promise<void> {
  while (!world.over) {
    world.requests += 1;
    world.outcomes[await request(world)] += 1;
    if (world.chance() < 0.3) await pause(world.chance() * 20);
  }
}

/**
 * Kills a replica's process, any one, with a signal that nobody can catch; the next once all are back. Killed faster
 * than they are replaced, later and later each time, there would soon be none, and no load on anything.
 */
async function killIt(world: World, everyMs: number): Promise<void> {
  while (!world.over) {
    await pause(everyMs);
    if (world.over || !areReady(await list(world, 'deployments'))) continue;
    const ready = (await list(world, 'replicas')).filter((one) => one.status?.state === 'ready');
    const victim = ready[Math.floor(world.chance() * ready.length)];
    if (victim === undefined) continue;
    try {
      process.kill(victim.status.identity.pid, 'SIGKILL');
      world.kills += 1;
    } catch {
      // It had ended by itself.
    }
  }
}

async function deploy(world: World): Promise<void> {
  const resources = Object.entries(deployments).flatMap(([name, { options, ...spec }]) => [
    { kind: 'Model', metadata: { name }, spec: { task: 'chat' } },
    {
      kind: 'Deployment',
      metadata: { name },
      spec: { model: name, version: '1', engine: { name: 'fake', options }, ...spec },
    },
  ]);
  const applied = await call(world, { path: '/api/v1/apply', body: { resources } });
  if (!applied.ok) throw new Error(await applied.text());
  await allReady(world);
}

interface Kept {
  readonly spec: { readonly replicas: { readonly min: number } };
  readonly status?: { readonly readyReplicas: number };
}

function areReady(items: readonly Kept[]): boolean {
  return items.every(({ spec, status }) => status?.readyReplicas === spec.replicas.min);
}

async function allReady(world: World): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (areReady(await list(world, 'deployments'))) return;
    await pause(100);
  }
  throw new Error('The replicas did not become ready.');
}

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');

/** Bytes in use once everything that nobody holds is gone, and open descriptors once idle connections are closed. */
async function measure(): Promise<{ readonly heapBytes: number; readonly descriptors: number }> {
  await pause(6000);
  for (let times = 0; times < 4; times++) {
    collect();
    await pause(100);
  }
  return { heapBytes: process.memoryUsage().heapUsed, descriptors: readdirSync('/proc/self/fd').length };
}

async function counts(world: World): Promise<Counts> {
  return countedIn(await (await call(world, { path: '/metrics' })).text());
}

async function load(world: World, given: { seconds: number; clients: number }): Promise<void> {
  world.over = false;
  const users = Array.from({ length: given.clients }, () => useIt(world));
  const killer = killIt(world, 2500);
  await pause(given.seconds * 1000);
  world.over = true;
  await Promise.all([...users, killer]);
}

/** Uses a platform of its own, roughly, for so long; what it held before and after tells whether it leaks. */
export async function soak(given: { seconds: number; clients: number; seed: number }): Promise<SoakReport> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-soak-'));
  const config = configSchema.parse({
    home: join(home, 'home'),
    listen: '127.0.0.1:0',
    demo: false,
    logLevel: 'warn',
  });
  const started = await startPlatform(config);
  if (!started.ok) throw new Error(started.problem.message);
  const outcomes = { answered: 0, refused: 0, broken: 0, left: 0, stuck: 0 };
  const chance = createChance(given.seed);
  const { url = '', adminKey: key = '' } = started.value;
  const world: World = { url, key, outcomes, chance, over: false, requests: 0, invalid: 0, kills: 0 };
  try {
    await deploy(world);
    // Code is compiled, pools are filled and histories are full before the first measure.
    await load(world, { ...given, seconds: Math.max(5, given.seconds / 5) });
    await allReady(world);
    const before = await measure();
    await load(world, given);
    await allReady(world);
    const after = await measure();
    return {
      seconds: given.seconds,
      requests: world.requests,
      outcomes,
      kills: world.kills,
      invalid: world.invalid,
      ...(await counts(world)),
      heapBeforeBytes: before.heapBytes,
      heapAfterBytes: after.heapBytes,
      descriptorsBefore: before.descriptors,
      descriptorsAfter: after.descriptors,
    };
  } finally {
    await started.value.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
