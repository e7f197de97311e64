import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { apiVersion, resourceSchemas, type Deployment } from '#schema';
import { replayRecording, type Replay } from '#sim';
import { cache, cacheFolder } from '../harness/cache.ts';
import { resourcesOf, startPlatform, type Platform, type ServedModel } from '../harness/platform.ts';
import type { Target } from './client.ts';
import type { Setting } from './settings.ts';

const list = z.object({ items: z.array(resourceSchemas.Replica) });

/** A platform that records what dispatch hears and does, with one deployment. */
export interface Stage {
  readonly target: Target;
  /** Runs the deployment so from now on; resolves when it does. */
  set(setting: Setting): Promise<void>;
  /** Ends it, and tells again what dispatch did. */
  stop(): Promise<Replay>;
}

async function settled(platform: Platform, name: string, replicas: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { items } = list.parse(await platform.read('/api/v1/replicas'));
    const ready = items.filter(({ spec, status }) => spec.deployment === name && status?.state === 'ready');
    if (ready.length === replicas && items.length === replicas) return;
    await delay(100);
  }
  throw new Error(`${name} did not come to ${replicas} replicas in a minute`);
}

export async function createStage(model: ServedModel): Promise<Stage> {
  cacheFolder('.');
  const recording = `${cache}/simulator-recording.jsonl`;
  const platform = await startPlatform(undefined, ['--record', recording]);
  const { name } = model;
  const [first, version] = resourcesOf(model);
  await platform.apply([first, version]);

  function deploymentOf({ replicas, concurrency }: Setting): unknown {
    const { engine } = model;
    const limits: Partial<Deployment['spec']['limits']> = { concurrency };
    const spec = { model: name, version: '1', engine, limits, replicas: { min: replicas } };
    return { apiVersion, kind: 'Deployment', metadata: { name }, spec };
  }

  return {
    target: { port: platform.port, key: platform.key, model: name },
    async set(setting) {
      await platform.apply([deploymentOf(setting)]);
      await settled(platform, name, setting.replicas);
      // The gateway hears of the last change in a moment.
      await delay(300);
    },
    async stop() {
      await platform.stop();
      const replay = replayRecording(readFileSync(recording, 'utf8').trimEnd().split('\n'));
      rmSync(recording);
      return replay;
    },
  };
}
