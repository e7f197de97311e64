import { createFakeEngine } from '#engines/fake';
import type { LaunchPlan, Result, SignsOfLife } from '#contracts';

const engine = createFakeEngine();

/** A real worker to run on substrates: the fake engine's, with these options. */
export function workerPlan(options: Readonly<Record<string, unknown>>): LaunchPlan {
  return engine.launch({ replica: 'demo-1', model: 'demo', version: '1', modelPath: undefined, options });
}

export function workerLife(endpoint: string): Promise<Result<SignsOfLife>> {
  return engine.life(endpoint, new AbortController().signal);
}
