import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';
import { engineConformance } from '../../../test/conformance/engine.ts';
import { runPlan, type RunningPlan } from '../../../test/conformance/run-plan.ts';
import { createLlamaEngine } from './index.ts';

// Absolute: a replica has a working directory of its own.
const modelPath = ['models/demo/demo-q8_0.gguf', '../shared/models/mini/mini-q8_0.gguf']
  .map((path) => resolve(path))
  .find((path) => existsSync(path));

describe.skipIf(modelPath === undefined)('the contract', () => {
  engineConformance('llama', () => {
    const engine = createLlamaEngine();
    let running: RunningPlan | undefined;
    return Promise.resolve({
      engine,
      options: { sequences: 2, contextTokens: 512 },
      modelPath,
      tellsProgress: true,
      model: 'demo',
      up: async (options) => {
        const input = { replica: 'r', model: 'demo', version: '1', modelPath, options };
        running = await runPlan(engine.launch(input));
        return running.endpoint;
      },
      close: async () => running?.close(),
    });
  });
});
