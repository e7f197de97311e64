import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { isReleaseOver } from '#schema';
import { call, eventually, millrace, replicasOf, type RunningPlatform } from './platform.ts';
import { deploy, limitMs, people, release, stateIs, statusOf, until } from './release-scenes.ts';
import { sceneOfEachTest } from './scene.ts';

const scene = sceneOfEachTest();
let home = '';

beforeEach(() => {
  home = scene.home();
});

/** Always in the same home: a platform goes on where the one before it was. */
function up(): Promise<RunningPlatform> {
  return scene.up({ home });
}

/** kill -9 of gateway and control; replicas go on, and the next platform takes them over. */
async function killed(platform: RunningPlatform): Promise<RunningPlatform> {
  await platform.kill();
  return up();
}

async function versionsNow(platform: RunningPlatform, count = 12): Promise<ReadonlySet<string>> {
  const body = { model: 'chat', messages: [{ role: 'user', content: 'Who are you?' }] };
  const answers = await Promise.all(
    Array.from({ length: count }, () => call(platform, 'POST /v1/chat/completions', body)),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return new Set(answers.map(({ headers }) => headers.get('x-millrace-model') ?? ''));
}

describe('a release whose platform is killed', { timeout: limitMs }, () => {
  it('at its start, at each share and at its promotion goes on from there, and ends well', async () => {
    let platform = await up();
    await deploy(platform);
    // Longer than it takes until a step's first samples are written down.
    const options = { steps: [20, 50, 100], samplesMin: 40, stepMs: 5000, rollbackWindowMs: 12_000 };
    await release(platform, { loadMs: 2500 }, options);
    await stateIs(platform, 'warming');
    platform = await killed(platform);
    expect((await statusOf(platform)).state).toBe('warming');
    expect(await versionsNow(platform)).toEqual(new Set(['chat@1']));
    for (const share of [0.2, 0.5]) {
      const crowd = people(platform, { count: 4 });
      const reached = await until(platform, ({ split, samples }) => split?.share === share && samples > 0);
      await platform.kill();
      await crowd.leave();
      platform = await up();
      const after = await statusOf(platform);
      // Its step may be over by now: then it has gone on, and never back.
      expect(after.split).toMatchObject({ candidate: reached.split.candidate, stable: reached.split.stable });
      expect(after.split.share).toBeGreaterThanOrEqual(reached.split.share);
      // What was learned before is not forgotten, and the new version goes on serving.
      expect(after.gates[0].stable.requests).toBeGreaterThanOrEqual(reached.gates[0].stable.requests);
      expect([...(await versionsNow(platform, 40))]).toContain('chat@2');
    }
    const crowd = people(platform, { count: 4 });
    await stateIs(platform, 'settling');
    await platform.kill();
    await crowd.leave();
    platform = await up();
    expect((await statusOf(platform)).split.share).toBe(1);
    expect(await versionsNow(platform)).toEqual(new Set(['chat@2']));
    await stateIs(platform, 'promoted');
    await eventually(async () => {
      const replicas = await replicasOf(platform, 'chat');
      return replicas.length === 1 && replicas[0]?.spec.version === '2';
    }, 'the old version to be gone');
  });

  it('at its rollback, or at a blue-green switch and back, stays what was decided', async () => {
    let platform = await up();
    await deploy(platform);
    const crowd = people(platform, { count: 4 });
    await release(platform, { errorRate: 0.5 }, { steps: [50, 100] });
    await stateIs(platform, 'rolled-back');
    await platform.kill();
    await crowd.leave();
    platform = await up();
    expect((await statusOf(platform)).state).toBe('rolled-back');
    expect(await versionsNow(platform, 30)).toEqual(new Set(['chat@1']));
    await until(platform, ({ split }) => split === undefined);
    await call(platform, 'DELETE /api/v1/releases/chat-2');

    await release(platform, {}, { strategy: 'blue-green', rollbackWindowMs: 600_000 });
    await stateIs(platform, 'settling');
    platform = await killed(platform);
    expect(await statusOf(platform)).toMatchObject({ state: 'settling', split: { share: 1 } });
    expect(await versionsNow(platform)).toEqual(new Set(['chat@2']));
    expect((await millrace(platform, 'release', 'abort', 'chat')).code).toBe(0);
    await stateIs(platform, 'rolled-back');
    platform = await killed(platform);
    expect(await versionsNow(platform)).toEqual(new Set(['chat@1']));
  });
});

describe('what an answer says', { timeout: limitMs }, () => {
  it('rolls back a version that repeats itself, says nothing, is rated badly, or fails a judge of one’s own', async () => {
    const platform = await up();
    const judge = join(home, 'judge.mjs');
    writeFileSync(judge, `export const score = ({ text }) => (text.includes('nonsense') ? 0 : 1);`);
    const round = 'We go round and round in circles. '.repeat(4);
    const scenes = [
      { name: 'parrot', gate: 'repetition', options: { text: round } },
      { name: 'mute', gate: 'empty', options: { text: ' ' } },
      { name: 'rude', gate: 'feedback', options: {} },
      { name: 'silly', gate: 'scorer', options: { text: 'Just some nonsense, nothing else here.' } },
    ];
    for (const { name } of scenes) await deploy(platform, 1, name);
    const crowds = scenes.map(({ name }) =>
      people(platform, {
        count: 2,
        deployment: name,
        tell: async ({ requestId, version }) =>
          name === 'rude' &&
          call(platform, 'POST /v1/feedback', {
            request_id: requestId,
            rating: version.endsWith('@2') ? 1 : 5,
          }),
      }),
    );
    for (const { name, gate, options } of scenes)
      await release(platform, options, {
        deployment: name,
        steps: [50, 100],
        gates: [{ name: 'errors' }, { name: gate }],
        ...(gate === 'scorer' && { scorer: { module: pathToFileURL(judge).href } }),
      });
    for (const { name, gate } of scenes) {
      const status = await until(platform, ({ state }) => isReleaseOver(state ?? 'pending'), name);
      const worst = status.gates?.toSorted(
        (left: { evidence: number }, right: { evidence: number }) => right.evidence - left.evidence,
      )[0];
      expect([name, status.state, worst?.name]).toEqual([name, 'rolled-back', gate]);
    }
    for (const crowd of crowds) expect(await crowd.leave()).toBe(0);
  });

  it('of a shadow is compared with the one that was given, and nobody ever sees it', async () => {
    const platform = await up();
    await deploy(platform);
    const crowd = people(platform, { count: 4, asking: { temperature: 0 } });
    const shadow = { strategy: 'shadow', shadow: { percent: 100, concurrencyMax: 2 } };
    await release(platform, { seed: 9 }, shadow);
    const passed = await until(platform, ({ message }) => /person promotes/.test(message ?? ''));
    expect(passed).toMatchObject({ state: 'comparing', split: { share: 0 } });
    expect(passed.alike.fixed).toBe(passed.alike.copied);
    expect(passed.alike.equal).toBe(0);
    expect(new Set(crowd.answers.map(({ version }) => version))).toEqual(new Set(['chat@1']));
    await millrace(platform, 'release', 'promote', 'chat');
    await stateIs(platform, 'promoted');
    expect(await crowd.leave()).toBe(0);
    expect(crowd.answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await versionsNow(platform)).toEqual(new Set(['chat@2']));
  });
});
