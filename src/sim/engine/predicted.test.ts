import { describe, expect, test } from 'vitest';
import { scenarioSchema } from '#schema';
import { runScenario } from '../world/run-scenario.ts';
import { predictEngine } from './predicted.ts';

function of(gpus: number, precision: 'bf16' | 'fp8') {
  return predictEngine({ gpu: 'h100_sxm', model: 'llama-3.1-70b', gpus, precision }).curve;
}

describe('an engine from its data sheet', () => {
  test('reads all weights in a step: 16 GB at 1,008 GB/s take 16 ms, and somewhat more', () => {
    const { curve, contextTokensMax } = predictEngine({
      gpu: 'rtx_4090',
      model: 'llama-3.1-8b',
      gpus: 1,
      precision: 'bf16',
    });
    expect(curve.stepMs).toBeGreaterThan(16);
    expect(curve.stepMs).toBeLessThan(20);
    // vLLM finds room for 41,408 tokens there.
    expect(contextTokensMax).toBeGreaterThan(35_000);
    expect(contextTokensMax).toBeLessThan(50_000);
  });

  test('is faster with more GPUs, and with half the bytes', () => {
    expect(of(4, 'bf16').stepMs).toBeLessThan(of(2, 'bf16').stepMs);
    expect(of(2, 'fp8').stepMs).toBeLessThan(of(2, 'bf16').stepMs);
    expect(of(2, 'fp8').prefillMs).toBeLessThan(of(2, 'bf16').prefillMs);
  });

  test('is what a scenario that names it runs on', async () => {
    const { summary } = await runScenario(
      scenarioSchema.parse({
        name: 'h100',
        durationS: 60,
        engine: { hardware: { gpu: 'h100_sxm', model: 'llama-3.1-8b' } },
        workloads: [{ kind: 'closed', clients: 4, prompt: { mean: 512 }, output: { mean: 100 } }],
      }),
    );
    const { curve } = predictEngine({ gpu: 'h100_sxm', model: 'llama-3.1-8b', gpus: 1, precision: 'bf16' });
    expect(summary.tpotMs.mean).toBeGreaterThan(curve.stepMs);
    expect(summary.tpotMs.mean).toBeLessThan(curve.stepMs * 1.5);
  });
});
