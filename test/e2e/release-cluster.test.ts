import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noPostgres, startPostgres, type PostgresServer } from '../conformance/postgres-server.ts';
import { endLeftovers, keyOf, startPart, type Part } from './cluster.ts';
import { makeHome, removeHome, type RunningPlatform } from './platform.ts';
import { deploy, limitMs, people, release, until } from './release-scenes.ts';

let server: PostgresServer;
let root: string;
let parts: Part[];

beforeEach(async (context) => {
  if (noPostgres !== undefined) context.skip(noPostgres);
  server = await startPostgres();
  root = join(makeHome(), 'cluster');
  parts = [];
});

afterEach(async () => {
  if (noPostgres !== undefined) return;
  await Promise.all(parts.map((part) => part.kill()));
  endLeftovers(root);
  await server.stop();
  removeHome(join(root, '..'));
});

async function start(node: string): Promise<RunningPlatform> {
  const part = await startPart({ role: 'all', node, root, postgresUrl: server.url });
  parts.push(part);
  return { ...part, key: keyOf(root) };
}

describe('a release in a cluster', { timeout: limitMs }, () => {
  it('is judged by what another process has counted, and rolled back at every gateway', async () => {
    const leader = await start('first');
    const other = await start('second');
    await deploy(leader);
    // Whoever leads sees none of these requests itself.
    const crowd = people(other);
    const round = 'We go round and round in circles. '.repeat(4);
    const gates = [{ name: 'errors' }, { name: 'repetition' }];
    await release(leader, { text: round }, { steps: [50, 100], gates });
    const { message } = await until(other, ({ state }) => state === 'rolled-back');
    expect(message).toMatch(/^Rolled back: thousandths of the answer that repeat it/);
    const seenAt = Date.now();
    await until(other, () => crowd.answers.filter(({ startedAt }) => startedAt > seenAt).length > 20);
    expect(await crowd.leave()).toBe(0);
    const after = crowd.answers.filter(({ startedAt }) => startedAt > seenAt);
    expect(new Set(after.map(({ version }) => version))).toEqual(new Set(['chat@1']));
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
