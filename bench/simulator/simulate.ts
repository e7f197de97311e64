import { writeFileSync } from 'node:fs';
import { scenarioSchema, type Scenario } from '#schema';
import { runScenario } from '#sim';
import { cache } from '../harness/cache.ts';
import type { Answer } from './client.ts';
import type { Figures } from './figures.ts';
import type { FittedEngine } from '../../src/cli/bench/fit-engine.ts';
import type { Setting } from './settings.ts';

export interface Told {
  readonly setting: Setting;
  readonly curve: FittedEngine;
  /** Whose times and tokens are simulated; nothing else of them is. */
  readonly answers: readonly Answer[];
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly ttftMs: number;
  readonly stepTokensMax: number;
  readonly sequencesMax: number;
}

function scenarioOf(told: Told, path: string): Scenario {
  const { curve, setting } = told;
  return scenarioSchema.parse({
    name: 'as-it-was',
    durationS: told.seconds,
    warmupS: told.warmupSeconds,
    replicas: { min: setting.replicas },
    engine: {
      stepMs: curve.stepMs,
      prefillTokensPerS: 1000 / Math.max(1e-6, curve.promptTokenMs),
      sequenceMs: curve.sequenceMs,
      contextMsPer1000: 0,
      networkMs: curve.networkMs,
      stepTokensMax: told.stepTokensMax,
      sequencesMax: told.sequencesMax,
    },
    limits: { concurrency: setting.concurrency },
    // As the deployment has it: the gateway does not know that this engine forgets.
    routing: { prefixCacheTokens: 500_000 },
    workloads: [{ kind: 'file', path }],
    objective: { ttftMs: told.ttftMs },
  });
}

/** The same requests at the same times, in the simulator. */
export async function simulate(told: Told): Promise<Figures> {
  const path = `${cache}/simulator-arrivals.jsonl`;
  const lines = told.answers
    .toSorted((a, b) => a.sentMs - b.sentMs)
    .map(({ sentMs, promptTokens, outputTokens }) =>
      JSON.stringify({ t_ms: sentMs, prompt_tokens: promptTokens, completion_tokens: outputTokens }),
    );
  writeFileSync(path, `${lines.join('\n')}\n`);
  const { summary } = await runScenario(scenarioOf(told, path));
  return {
    ttftMeanMs: summary.ttftMs.mean,
    ttftP99Ms: summary.ttftMs.p99,
    latencyMeanMs: summary.latencyMs.mean,
    goodputPerS: summary.goodputPerS,
  };
}
