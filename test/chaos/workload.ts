import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { keyOf } from '../e2e/cluster.ts';
import type { Json } from '../e2e/platform.ts';
import type { Cast } from './cast.ts';
import type { History } from './history.ts';

export interface Clients {
  /** Asks until an answer comes. */
  ask(methodAndPath: string, body?: unknown): Promise<Json>;
  /** Begins nothing new; resolves when everything that was begun is known to have happened. */
  stop(): Promise<void>;
}

const requestMs = 5000;
const betweenMs = 100;
const writers = 3;
const submitters = 2;
const askers = 2;
const largeEvery = 10;

interface Scene {
  readonly cast: Cast;
  readonly history: History;
  readonly chance: () => number;
  readonly key: string;
  readonly webhook: string;
  /** Ends what is open at the end. */
  readonly stopping: AbortController;
  over: boolean;
  nextTask: number;
  nextConnection: number;
  answeredAtMs: number;
}

async function askOnce({ cast, chance, key }: Scene, methodAndPath: string, body: unknown) {
  const gateways = cast.of('gateway');
  const url = gateways[Math.floor(chance() * gateways.length)]?.url ?? '';
  const [method = 'GET', path = '/'] = methodAndPath.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(requestMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: Json = await response.json();
  return { status: response.status, body: answer };
}

/** As a good client does: what was not answered, or refused for a while, is asked again, elsewhere. */
async function askUntilAnswered(scene: Scene, methodAndPath: string, body?: unknown): Promise<Json> {
  for (;;) {
    try {
      const { status, body: answer } = await askOnce(scene, methodAndPath, body);
      if (status < 300) return answer;
      if (status < 500 && status !== 429 && status !== 409)
        scene.history.unexpected.push(`${methodAndPath}: ${JSON.stringify(answer)}`);
    } catch {
      // Whoever was asked is gone, or too slow.
    }
    scene.history.refused += 1;
    await delay(betweenMs);
  }
}

async function submitAll(scene: Scene): Promise<void> {
  const { history, webhook } = scene;
  while (!scene.over) {
    const nth = (scene.nextTask += 1);
    const key = `key-${nth}`;
    const content = nth % largeEvery === 0 ? 'x'.repeat(100_000) : `number ${nth}`;
    const request = {
      model: 'chat',
      body: { messages: [{ role: 'user', content }] },
      idempotency_key: key,
      webhook,
    };
    const { task_id: id } = await askUntilAnswered(scene, 'POST /v1/tasks', request);
    history.acknowledged.push({ key, id });
    await delay(betweenMs);
  }
}

/** Counts in a resource: each value replaces the one before, and only that. */
async function writeAll(scene: Scene, key: string): Promise<void> {
  const { history } = scene;
  const resource = { kind: 'Model', metadata: { name: key }, spec: { description: '0' } };
  await askUntilAnswered(scene, `PUT /api/v1/models/${key}`, resource);
  for (let value = 1; !scene.over; value += 1) {
    for (;;) {
      const found = await askUntilAnswered(scene, `GET /api/v1/models/${key}`);
      if (found.spec.description === String(value)) break;
      const next = { ...found, spec: { description: String(value) } };
      await askOnce(scene, `PUT /api/v1/models/${key}`, next).catch(() => undefined);
    }
    history.writes.push({ key, value });
    await delay(betweenMs);
  }
}

/** Ordinary requests, which need no database. */
async function askAll(scene: Scene): Promise<void> {
  const { history } = scene;
  const chat = { model: 'chat', messages: [{ role: 'user', content: 'hello' }] };
  while (!scene.over) {
    await askUntilAnswered(scene, 'POST /v1/chat/completions', chat);
    const nowMs = performance.now();
    history.answered += 1;
    history.longestGapMs = Math.max(history.longestGapMs, nowMs - scene.answeredAtMs);
    scene.answeredAtMs = nowMs;
    await delay(betweenMs);
  }
}

/** Looks at tasks, those that have ended included, again and again. */
async function lookAll(scene: Scene): Promise<void> {
  const { history, chance } = scene;
  for (; !scene.over; await delay(betweenMs)) {
    const some = history.acknowledged[Math.floor(chance() * history.acknowledged.length)];
    if (some === undefined) continue;
    const seen = await askUntilAnswered(scene, `GET /v1/tasks/${some.id}`);
    if (seen.ended_at !== undefined)
      history.ends.push({ id: some.id, end: `${seen.status} ${seen.ended_at}` });
  }
}

/** What a watcher reads, event by event. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Json> {
  let rest = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined && event.startsWith('event: put')) yield JSON.parse(data);
    }
  }
}

/** Watches the keys through one gateway until the connection breaks. */
async function watchOnce({ cast, history, key: secret, stopping }: Scene, nth: number, connection: number) {
  const url = `${cast.of('gateway')[nth]?.url}/api/v1/models?watch=1`;
  const headers = { authorization: `Bearer ${secret}` };
  const { body } = await fetch(url, { headers, signal: stopping.signal });
  if (body === null) return;
  for await (const { metadata, spec } of eventsOf(body))
    if (metadata.name.startsWith('key-'))
      history.watched.push({ connection, key: metadata.name, value: Number(spec.description) });
}

/** The same whatever becomes of the gateway. */
async function watchAll(scene: Scene, nth: number): Promise<void> {
  for (; !scene.over; await delay(betweenMs)) {
    scene.nextConnection += 1;
    // Whoever was asked may be gone.
    await watchOnce(scene, nth, scene.nextConnection).catch(() => undefined);
  }
}

async function openWebhook(history: History): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    void (async () => {
      const told: Json = JSON.parse(await text(request));
      const delivery = String(request.headers['webhook-id']);
      history.deliveries.push({ id: told.data.task_id, delivery, type: told.type });
      response.writeHead(200).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/hook` };
}

function many(count: number, run: (nth: number) => Promise<void>): readonly Promise<void>[] {
  return Array.from({ length: count }, (_, nth) => run(nth));
}

/** Deploys something to ask, and begins to ask it. */
export async function startClients(cast: Cast, history: History, chance: () => number): Promise<Clients> {
  const { server, url: webhook } = await openWebhook(history);
  const scene: Scene = {
    cast,
    history,
    chance,
    key: keyOf(cast.root),
    webhook,
    stopping: new AbortController(),
    over: false,
    nextTask: 0,
    nextConnection: 0,
    answeredAtMs: performance.now(),
  };
  const version = { model: 'chat', version: '1' };
  const engine = { name: 'fake', options: { tokens: 5, tokenMs: 10, concurrency: 8 } };
  const resources = [
    { kind: 'Model', metadata: { name: 'chat' }, spec: {} },
    { kind: 'ModelVersion', metadata: { name: 'chat.1' }, spec: { ...version, source: 'none' } },
    { kind: 'Deployment', metadata: { name: 'chat' }, spec: { ...version, engine, replicas: { min: 2 } } },
  ];
  await askUntilAnswered(scene, 'POST /api/v1/apply', { resources });
  const running = Promise.all([
    ...many(submitters, () => submitAll(scene)),
    ...many(writers, (nth) => writeAll(scene, `key-${nth}`)),
    ...many(askers, () => askAll(scene)),
    lookAll(scene),
    ...many(cast.of('gateway').length, (nth) => watchAll(scene, nth)),
  ]);
  // Told by `stop`.
  running.catch(() => undefined);
  return {
    ask: (methodAndPath, body) => askUntilAnswered(scene, methodAndPath, body),
    async stop() {
      scene.over = true;
      scene.stopping.abort();
      await running;
      // Ends of tasks are told for a while yet.
      server.unref();
    },
  };
}
