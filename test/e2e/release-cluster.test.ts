import { describe, expect, it } from 'vitest';
import { clusterOfEachTest } from './cluster-scene.ts';
import { keyOf } from './cluster.ts';
import type { RunningPlatform } from './platform.ts';
import { deploy, limitMs, people, release, until } from './release-scenes.ts';

const cluster = clusterOfEachTest();

async function start(node: string): Promise<RunningPlatform> {
  return { ...(await cluster.start('all', node)), key: keyOf(cluster.root()) };
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
