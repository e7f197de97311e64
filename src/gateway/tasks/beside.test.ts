import { describe, expect, it } from 'vitest';
import { configSchema, taskRequest } from '#schema';
import { createDirectory, createPayloads, createTaskLimits, createTaskTurns } from '#dispatch';
import { createMemoryBlobs } from '#blobs/memory';
import { createMemoryQueue } from '#queues/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { headersOf } from '../http/onward.ts';
import { createAdmit } from './admit.ts';
import { readBeside } from './beside.ts';
import { toWanted } from './submit.ts';
import { toAsk } from './to-ask.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** What dispatch is asked by a worker for a task that was handed in with these headers. */
async function asked(headers: Record<string, string>, given: object = {}) {
  const clock = createVirtualClock();
  const rng = createSeededRng();
  const queue = createMemoryQueue({ clock, turns: createTaskTurns() });
  const payloads = createPayloads({ blobs: createMemoryBlobs(), rng, clock });
  const admit = createAdmit({
    clock,
    rng,
    queue,
    payloads,
    log: silent,
    config: configSchema.parse({ home: 'nowhere' }).tasks,
    bodyBytesMax: 10_000,
    webhookSecretOf: () => '',
    limits: createTaskLimits(),
    directory: {
      ...createDirectory({ headersOf: () => [] }),
      find: async (name: string) => Promise.resolve(Object(name)),
    },
  });
  const beside = readBeside(headersOf({ headers }));
  if (!beside.ok) return beside.problem;
  const request = taskRequest.parse({ model: 'demo', body: { user: 'joe' }, ...given });
  const wanted = toWanted({ request, bytes: undefined }, beside.value);
  if (!wanted.ok) return wanted.problem;
  const scopes = new Set(['infer'] as const);
  const who = { key: 'app', tenant: 'acme', priority: 'standard', scopes } as const;
  const admitted = await admit(who, [wanted.value]);
  if (!admitted.ok) return admitted.problem;
  await queue.submit(admitted.value);
  const [task] = await queue.claim({ lane: 'request', count: 1, leaseMs: 1000, worker: 'w' });
  return task && toAsk(task, await payloads.load(task.input));
}

describe('what stands beside a request', () => {
  it('goes with its task to the replica: the session by which it is routed, and the trace', async () => {
    const ask = await asked({ 'x-session-id': 'talk', traceparent });
    expect(ask).toMatchObject({ session: 'talk', user: 'joe' });
    expect(Object(ask).headers.join(' ')).toContain(`traceparent ${traceparent}`);
    expect(await asked({ 'x-session-id': 'talk' }, { session: 'other' })).toMatchObject({ session: 'other' });
    expect(await asked({})).toMatchObject({ session: 'joe' });
  });

  it('takes no trace along that is none', async () => {
    const headers = { traceparent: `${traceparent}\r\nx-evil: yes` };
    expect(Object(await asked(headers)).headers).not.toContain('traceparent');
  });

  it('may not have a key that could not be kept', async () => {
    expect(await asked({ 'idempotency-key': 'x'.repeat(256) })).toMatchObject({ code: 'invalid_request' });
  });
});
