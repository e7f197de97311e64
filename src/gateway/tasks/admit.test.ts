import { describe, expect, it } from 'vitest';
import { configSchema, taskIdFrom } from '#schema';
import type { TaskCount } from '#contracts';
import { createDirectory, createPayloads, createTaskLimits, createTaskTurns } from '#dispatch';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { taskAt } from '../../../test/world/task-at.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createAdmit, type Wanted } from './admit.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const identity = {
  key: 'app',
  tenant: 'acme',
  priority: 'standard',
  scopes: new Set(['infer'] as const),
} as const;
const wanted: Wanted = {
  model: 'demo',
  endpoint: '/v1/chat/completions',
  priority: 'standard',
  body: Buffer.from('{}'),
};

/** A desk that takes five unfinished tasks of a tenant; its queue says how many there are when it is told to. */
function createDesk() {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const asked: (() => void)[] = [];
  const counts = async (): Promise<readonly TaskCount[]> => {
    await new Promise<void>((answer) => void asked.push(answer));
    return queue.counts();
  };
  const known = new Set(['demo']);
  const directory = {
    ...createDirectory({ headersOf: () => [] }),
    find: async (name: string) => Promise.resolve(known.has(name) ? Object(name) : undefined),
  };
  const { tasks: config } = configSchema.parse({ home: 'nowhere', tasks: { unfinishedMax: 5 } });
  const payloads = createPayloads({ blobs: createMemoryBlobs(), rng, clock });
  const basics = { clock, rng, log: silent, config, bodyBytesMax: 10_000, webhookSecretOf: () => '' };
  const admit = createAdmit({
    ...basics,
    queue: { ...queue, counts },
    payloads,
    directory,
    limits: createTaskLimits(),
  });
  return { admit, queue, asked, clock, known };
}

/** What becomes of these, as soon as the queue has said how many there are. */
async function answered(desk: ReturnType<typeof createDesk>, requests: readonly Wanted[]) {
  const admitted = desk.admit(identity, requests);
  await desk.clock.advance(1);
  for (const answer of desk.asked) answer();
  return admitted;
}

async function fill({ queue, clock }: ReturnType<typeof createDesk>): Promise<void> {
  const nowMs = clock.nowMs();
  const tasks = Array.from({ length: 5 }, (_, at) =>
    taskAt(nowMs, { id: `${taskIdFrom(nowMs)}${at}`, tenant: 'acme', attemptsMax: 1 }),
  );
  await queue.submit(tasks);
}

const hourS = 3600;

/** How long such a task has from the end of its delay on, or what of it is refused. */
async function ask(given: Partial<Wanted>): Promise<number | string | undefined> {
  const done = await answered(createDesk(), [{ ...wanted, ...given }]);
  if (!done.ok) return done.problem.param;
  const [{ dueAtMs, expiresAtMs } = { dueAtMs: 0, expiresAtMs: 0 }] = done.value;
  return expiresAtMs - dueAtMs;
}

describe('the times of a task', () => {
  it('leave it as much time after a long delay as without one', async () => {
    const dayMs = 24 * hourS * 1000;
    expect(await ask({})).toBe(dayMs);
    expect(await ask({ delay_s: 72 * hourS })).toBe(dayMs);
    expect(await ask({ delay_s: hourS, deadline_s: 3 * hourS })).toBe(2 * hourS * 1000);
  });

  it('cannot be such that it never begins', async () => {
    expect(await ask({ delay_s: hourS, deadline_s: hourS })).toBe('delay_s');
  });
});

describe('the number of unfinished tasks of a tenant', () => {
  it('is kept to by those who come while it is being counted', async () => {
    const desk = createDesk();
    await fill(desk);
    const answers = Array.from({ length: 20 }, () => desk.admit(identity, [wanted]));
    await desk.clock.advance(1);
    expect(desk.asked).toHaveLength(1);
    for (const answer of desk.asked) answer();
    const codes = (await Promise.all(answers)).map((one) => (one.ok ? 'admitted' : one.problem.code));
    expect(new Set(codes)).toEqual(new Set(['too_many_tasks']));
  });

  it('does not keep what was handed in before from those who hand it in again', async () => {
    const desk = createDesk();
    const keyed = { ...wanted, idempotency_key: 'mine' };
    const first = await answered(desk, [keyed]);
    await desk.queue.submit(first.ok ? first.value : []);
    await fill(desk);
    await desk.clock.advance(2000);
    expect(await answered(desk, [wanted])).toMatchObject({ problem: { code: 'too_many_tasks' } });
    expect(await answered(desk, [keyed])).toMatchObject({ ok: true });
    expect(await answered(desk, [keyed, wanted])).toMatchObject({ problem: { code: 'too_many_tasks' } });
    desk.known.delete('demo');
    expect(await answered(desk, [wanted])).toMatchObject({ problem: { code: 'model_not_found' } });
    expect(await answered(desk, [keyed])).toMatchObject({ ok: true });
  });

  it('is no reason to come again with a list that never fits', async () => {
    const desk = createDesk();
    const six = Array.from({ length: 6 }, () => wanted);
    expect(await answered(desk, six)).toMatchObject({ problem: { code: 'invalid_request', param: 'tasks' } });
    expect(await answered(desk, six.slice(1))).toMatchObject({ ok: true });
  });

  it('says when there should be room: as fast as tasks of the tenant end', async () => {
    const desk = createDesk();
    await fill(desk);
    const waitMs = async (): Promise<number | undefined> => {
      const refused = await answered(desk, [wanted, wanted]);
      return refused.ok ? undefined : refused.problem.retryAfterMs;
    };
    expect(await waitMs()).toBe(5000);
    const [one] = await desk.queue.list({ lane: 'request', limit: 1 });
    await desk.clock.advance(10_000);
    await desk.queue.steer(one?.id ?? '', 'cancelled');
    expect(Math.round(((await waitMs()) ?? 0) / 1000)).toBe(10);
    await desk.clock.advance(600_000);
    expect(await waitMs()).toBe(60_000);
  });
});
