import { describe, expect, it } from 'vitest';
import { problem, type NewTask, type Task } from '#schema';
import type { Log, TaskQueue } from '#contracts';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/world/virtual-clock.ts';
import { createIds } from '../tasks/ids.ts';
import { createTaskTurns } from '../tasks/turns.ts';
import { createTaskKeeper } from '../tasks/keeper.ts';
import { createPayloads, type Payloads } from '../tasks/payloads.ts';
import { createTaskRunner, type Runner } from '../tasks/runner.ts';
import type { Work } from '../tasks/work.ts';
import { createBatchWork } from './batch-work.ts';
import { atRest, fileEntry } from './file-entry.ts';
import { cancelMarkOf, type BatchEnd, type BatchWire } from './wire.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const hourMs = 3_600_000;

/** A wire that is easy to read: `id` is a good line, `!` a bad one. */
const wire: BatchWire = {
  readSpec: (input) => JSON.parse(decode(input)),
  readLine(_spec, bytes) {
    const text = decode(bytes);
    if (text.startsWith('!')) return { ok: false, problem: problem('invalid_request', 'bad') };
    return {
      ok: true,
      value: { customId: text.split(' ')[0] ?? '', model: text.split(' ')[1] ?? 'demo', body: bytes },
    };
  },
  writeLine: ({ number }, end) =>
    encode(
      end.kind === 'untaken'
        ? `${number} ${end.problem.code}\n`
        : `${number} ${end.task.state} ${decode(end.answer ?? new Uint8Array(0))}\n`,
    ),
  writeEnd: (end) => encode(JSON.stringify(end)),
};

interface World {
  readonly clock: VirtualClock;
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  /** How often each line was run. */
  readonly ran: Map<string, number>;
  /** Models that nobody serves. */
  readonly unserved: Set<string>;
  batch(text: string, given?: { windowMs?: number; id?: string }): Promise<void>;
  batchRunner(over?: TaskQueue): Runner;
  lineRunner(): Runner;
  end(id?: string): Promise<BatchEnd | undefined>;
  text(file: string | undefined): Promise<string>;
}

const reply = (text: string) => ({
  status: 200,
  contentType: 'application/json',
  model: 'demo@1',
  body: encode(text),
});

async function createWorld(answerMs = 10): Promise<World> {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const payloads = createPayloads({ blobs: createMemoryBlobs(), rng, clock });
  const deps = { queue, payloads, clock, rng, log: silent };
  createTaskKeeper(deps).start();
  const ran = new Map<string, number>();
  const lines: Work = (task, input, listener) => {
    const text = decode(input);
    ran.set(text, (ran.get(text) ?? 0) + 1);
    return clock.setTimer(answerMs, () => {
      if (text.startsWith('no')) listener.ended({ kind: 'refused', problem: problem('invalid_request') });
      else listener.ended({ kind: 'succeeded', reply: reply(`answer to ${text}`) });
    });
  };
  const nextId = createIds({ clock, rng });
  const unserved = new Set(['nobody']);
  const directory = {
    find: async (name: string) => Promise.resolve(unserved.has(name) ? undefined : Object(name)),
  };
  let workers = 0;
  const start = (given: { lane: 'request' | 'batch'; work: Work; over?: TaskQueue }): Runner => {
    const { over = queue, ...options } = given;
    const worker = `w${(workers += 1)}`;
    const limits = { worker, concurrency: 8, leaseMs: 30_000 };
    const runner = createTaskRunner({ ...deps, queue: over }, { ...options, ...limits });
    runner.start();
    return runner;
  };
  return {
    clock,
    queue,
    payloads,
    ran,
    unserved,
    batchRunner: (over = queue) =>
      start({
        lane: 'batch',
        work: createBatchWork({ queue: over, payloads, directory, clock, nextId, wire }),
        over,
      }),
    lineRunner: () => start({ lane: 'request', work: lines }),
    async batch(text, { windowMs = 24 * hourMs, id = 'batch_1' } = {}) {
      const nowMs = clock.nowMs();
      const owner = { tenant: 'default', key: 'app', nowMs };
      const gathering = payloads.gather(`file-${id}`);
      await gathering.add(encode(text));
      const payload = await gathering.end();
      const keepMs = 720 * hourMs;
      const file = fileEntry({
        ...owner,
        id: `file-${id}`,
        purpose: 'batch',
        name: 'a.jsonl',
        payload,
        keepMs,
      });
      const deadlineMs = nowMs + windowMs;
      const spec = { inputFile: file.id, endpoint: '/v1/chat/completions', deadlineMs, filesKeepMs: keepMs };
      const batch: NewTask = {
        ...file,
        id,
        lane: 'batch',
        expiresAtMs: deadlineMs + hourMs,
        attemptsMax: 1000,
        input: { kind: 'inline', bytes: encode(JSON.stringify(spec)) },
      };
      await queue.submit([file, batch]);
    },
    async end(id = 'batch_1') {
      const [task] = await queue.get([id]);
      const payload = task?.output?.payload;
      return payload && JSON.parse(decode(await payloads.load(payload)));
    },
    async text(file) {
      const [task] = await queue.get([file ?? '']);
      return task ? decode(await payloads.load(task.input)) : '(none)';
    },
  };
}

/** The queue as a process has it that dies: from then on nothing it asks comes through, and it hears nothing. */
function mortal(queue: TaskQueue): { readonly queue: TaskQueue; die(): void } {
  let dead = false;
  const guard =
    <Args extends unknown[], T>(ask: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> =>
      dead ? new Promise<T>(() => undefined) : ask(...args);
  return {
    die: () => (dead = true),
    queue: {
      submit: guard((given) => queue.submit(given)),
      claim: guard((given) => queue.claim(given)),
      beat: guard((given) => queue.beat(given)),
      settle: guard((given) => queue.settle(given)),
      steer: guard((id, event) => queue.steer(id, event)),
      known: guard((tenant, keys) => queue.known(tenant, keys)),
      get: guard((ids) => queue.get(ids)),
      list: guard((given) => queue.list(given)),
      counts: guard(() => queue.counts()),
      tend: guard(() => queue.tend()),
      watch: (listener) => queue.watch((hint) => !dead && listener(hint)),
      close: () => queue.close(),
    },
  };
}

async function linesOf(queue: TaskQueue): Promise<readonly Task[]> {
  return queue.list({ lane: 'request', limit: 1000 });
}

describe('a batch', () => {
  it('makes each line a task, and writes what became of them in their order', async () => {
    const world = await createWorld();
    world.lineRunner();
    world.batchRunner();
    await world.batch('a\n!b\n\nno c\nd\na again\n');
    await world.clock.advance(5000);
    const end = await world.end();
    expect(end).toMatchObject({ status: 'completed', counts: { total: 5, completed: 2, failed: 3 } });
    expect(await world.text(end?.outputFile)).toBe('1 succeeded answer to a\n5 succeeded answer to d\n');
    expect(await world.text(end?.errorFile)).toBe('2 invalid_request\n4 failed \n6 invalid_request\n');
  });

  it('makes no task of a line that asks for a model nobody serves, and says so', async () => {
    const world = await createWorld(1000);
    world.lineRunner();
    const doomed = mortal(world.queue);
    world.batchRunner(doomed.queue);
    await world.batch('a\nb nobody\nc late');
    await world.clock.advance(500);
    // What was served once, and is under way, is brought to its end.
    doomed.die();
    world.unserved.add('late');
    world.batchRunner();
    await world.clock.advance(60_000);
    const end = await world.end();
    expect(end).toMatchObject({ status: 'completed', counts: { total: 3, completed: 2, failed: 1 } });
    expect(await world.text(end?.errorFile)).toBe('2 model_not_found\n');
    expect((await world.queue.counts()).map(({ model }) => model)).not.toContain('nobody');
  });

  it('of many lines goes through in bounded portions, each line once', async () => {
    const world = await createWorld(200);
    world.lineRunner();
    world.batchRunner();
    const ids = Array.from({ length: 1500 }, (_, at) => `line-${at}`);
    await world.batch(ids.join('\n'));
    await world.clock.advance(2000);
    const counts = await world.queue.counts();
    const waiting = counts.find(({ lane, state }) => lane === 'request' && state === 'queued')?.count ?? 0;
    expect(waiting).toBeGreaterThan(500);
    expect(waiting).toBeLessThanOrEqual(1000);
    await world.clock.advance(50_000);
    const end = await world.end();
    expect(end?.counts).toEqual({ total: 1500, completed: 1500, failed: 0 });
    expect(end?.errorFile).toBeUndefined();
    const written = (await world.text(end?.outputFile)).trimEnd().split('\n');
    expect(written).toEqual(ids.map((id, at) => `${at + 1} succeeded answer to ${id}`));
    expect([...world.ran.values()].every((times) => times === 1)).toBe(true);
  });

  it.each([20, 120, 700, 1250])(
    'whose worker dies after %i ms is taken up by another: nothing twice, nothing lost',
    async (diesAtMs) => {
      const world = await createWorld(50);
      const doomed = mortal(world.queue);
      world.batchRunner(doomed.queue);
      world.lineRunner();
      const ids = Array.from({ length: 200 }, (_, at) => `line-${at}`);
      await world.batch(ids.join('\n'));
      await world.clock.advance(diesAtMs);
      doomed.die();
      world.batchRunner();
      await world.clock.advance(60_000);
      const end = await world.end();
      expect(end?.counts).toEqual({ total: 200, completed: 200, failed: 0 });
      expect((await world.text(end?.outputFile)).trimEnd().split('\n')).toHaveLength(200);
      expect([...world.ran.values()].every((times) => times === 1)).toBe(true);
      expect(await linesOf(world.queue)).toHaveLength(200);
      const files = await world.queue.list({ lane: 'file', model: 'batch_output', limit: 9 });
      expect(files).toHaveLength(1);
    },
  );

  it('that is cancelled stops its lines and keeps the answers that were there', async () => {
    const world = await createWorld(1000);
    world.lineRunner();
    world.batchRunner();
    await world.batch(Array.from({ length: 50 }, (_, at) => `line-${at}`).join('\n'));
    await world.clock.advance(2500);
    const id = cancelMarkOf('batch_1');
    const input = { kind: 'inline', bytes: new Uint8Array(0) } as const;
    const nowMs = world.clock.nowMs();
    const mark = {
      ...atRest(nowMs),
      id,
      lane: 'mark',
      tenant: 'default',
      key: 'app',
      model: '',
      endpoint: '',
    } as const;
    await world.queue.submit([{ ...mark, keepMs: hourMs, input }]);
    await world.clock.advance(3000);
    const end = await world.end();
    expect(end?.status).toBe('cancelled');
    const { completed = 0, failed = 0 } = end?.counts ?? {};
    expect(completed).toBeGreaterThanOrEqual(16);
    expect(completed + failed).toBe(50);
    expect((await world.text(end?.outputFile)).trimEnd().split('\n')).toHaveLength(completed);
    expect(await world.text(end?.errorFile)).toContain(`50 task_cancelled`);
    expect((await linesOf(world.queue)).filter(({ state }) => state === 'queued')).toEqual([]);
  });

  it('whose window passes ends as expired, with what was answered', async () => {
    const world = await createWorld(60_000);
    world.lineRunner();
    world.batchRunner();
    await world.batch(Array.from({ length: 20 }, (_, at) => `line-${at}`).join('\n'), { windowMs: 90_000 });
    await world.clock.advance(100_000);
    const end = await world.end();
    expect(end).toMatchObject({ status: 'expired', counts: { total: 20, completed: 8, failed: 12 } });
    expect(await world.text(end?.errorFile)).toContain('20 deadline_exceeded');
  });

  it('of an empty file, or one without a request in it, fails and says why', async () => {
    const world = await createWorld();
    world.batchRunner();
    await world.batch('\n\n');
    await world.batch('!x\n!y\n', { id: 'batch_2' });
    await world.clock.advance(1000);
    expect(await world.end()).toMatchObject({
      status: 'failed',
      errors: [{ problem: { param: 'input_file_id' } }],
    });
    expect(await world.end('batch_2')).toMatchObject({
      status: 'failed',
      errors: [{ line: 1 }, { line: 2 }],
    });
  });
});
