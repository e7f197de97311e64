import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { priorities, taskIdFrom, type NewTask } from '#schema';
import { createTaskTurns } from '../../../test/conformance/turns.ts';
import type { Query } from '#postgres';
import { noPostgres, testPostgres } from '../../../test/conformance/postgres-server.ts';
import { createPostgresQueue } from './index.ts';
import { listQuery } from './listing.ts';
import { claimTasks, firstReady } from './statements.ts';

const server = noPostgres === undefined ? await testPostgres() : undefined;
const schema = `plans_${process.pid}`;
const nowMs = Date.UTC(2026, 10, 27);
const count = 20_000;
const bands = priorities.map((_, band) => band);

async function open() {
  const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() };
  return createPostgresQueue({
    url: server?.url ?? '',
    schema,
    clock,
    turns: createTaskTurns(),
    origin: 'test',
  });
}

function newTask(at: number): NewTask {
  return {
    id: `${taskIdFrom(nowMs + at)}${String(at).padStart(8, '0')}`,
    lane: 'request',
    tenant: `tenant ${at % 20}`,
    key: 'k',
    model: `model ${at % 3}`,
    endpoint: '/v1/chat/completions',
    priority: 'standard',
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: nowMs + 86_400_000,
    keepMs: 1000,
    attemptsMax: 1,
    input: { kind: 'inline', bytes: new Uint8Array(300) },
  };
}

async function planOf({ text, values }: Query): Promise<string> {
  const client = new Client(server?.url);
  await client.connect();
  await client.query(`SET search_path = ${schema}`);
  const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${text}`, [...(values ?? [])]);
  await client.end();
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

beforeAll(async () => {
  if (server === undefined) return;
  const queue = await open();
  for (let at = 0; at < count; at += 1000)
    await queue.submit(Array.from({ length: 1000 }, (_, more) => newTask(at + more)));
  const client = new Client(server.url);
  await client.connect();
  await client.query(`ANALYZE ${schema}.tasks`);
  await client.end();
  await queue.close();
}, 60_000);

afterAll(() => server?.stop());

describe('what PostgreSQL makes of the statements, with many tasks', () => {
  it('a claim walks along one index, in its order, and sorts nothing', async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    const fromRanks = bands.map(() => 100);
    const claim = { lane: 'request', count: 16, worker: 'w', nowMs, leaseMs: 1000, bands, fromRanks };
    const plan = await planOf(claimTasks(claim));
    expect(plan).toContain('Index Scan using tasks_ready');
    expect(plan).toContain('Index Scan using tasks_pkey');
    expect(plan).not.toMatch(/Seq Scan on tasks|Sort/);
  });

  it('the first of each band is looked up in the same index', async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    const plan = await planOf(firstReady({ lane: 'request', bands, belowRanks: bands.map(() => 100) }));
    expect(plan).toContain('using tasks_ready');
    expect(plan).not.toMatch(/Seq Scan on tasks|Sort/);
  });

  it('lists walk along an index, whatever is asked for', async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    const queue = await open();
    const counts = await queue.counts();
    await queue.close();
    const before = taskIdFrom(nowMs + count / 2);
    const base = { lane: 'request', limit: 100, before } as const;
    for (const query of [
      { ...base, tenant: 'tenant 7' },
      { ...base, state: 'queued' },
      { ...base, model: 'model 1', tenant: 'tenant 3', state: 'queued' },
    ] as const) {
      const plan = await planOf(listQuery(query, counts));
      expect(plan).toContain('using tasks_listed');
      expect(plan).not.toContain('Seq Scan on tasks');
    }
    const all = await planOf(listQuery(base, counts));
    expect(all).toContain('Index Scan Backward using tasks_pkey');
    expect(await planOf(listQuery({ ...base, state: 'dead' }, counts))).not.toContain('Seq Scan on tasks');
  });
});
