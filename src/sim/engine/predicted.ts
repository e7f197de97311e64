import { accelerators, languageModels, memoryOf, type ScenarioHardware } from '#schema';
import type { EngineCurve } from './curve.ts';

/** Found by `bench/engine-models.ts` on every other of its measured points; the rest say how good they are. */
const efficiency = {
  /** Of the memory's bandwidth and the matrix units' throughput that is reached. */
  bandwidth: 0.964,
  compute: 0.859,
  /** For each layer of the model in each step: launches, norms, what no data sheet names. */
  layerMs: 0.0575,
  /** Several GPUs exchange what they have after each layer: a fixed part, and one for each token. */
  exchangeMs: 0.00968,
  exchangeTokenMs: 0.000157,
} as const;

export interface Predicted {
  readonly curve: EngineCurve;
  /** Tokens that fit beside the weights. */
  readonly contextTokensMax: number;
}

/**
 * A roofline: a step reads all weights and the KV cache of its context once, and multiplies each of its tokens with
 * every weight (two operations each).
 */
export function predictEngine(hardware: ScenarioHardware): Predicted {
  const { gpu, model, gpus, precision } = hardware;
  const { bandwidthGBs, bf16Tflops, fp8Tflops } = accelerators[gpu];
  const { parametersB, layers, kvBytes } = languageModels[model];
  const { weightsGB, thereGB } = memoryOf(hardware);
  const bandwidthPerMs = bandwidthGBs * 1e6 * efficiency.bandwidth * gpus;
  const flopsPerMs = (precision === 'fp8' ? fp8Tflops : bf16Tflops) * 1e9 * efficiency.compute * gpus;
  const exchanges = gpus === 1 ? 0 : layers;
  const tokenMs = (2e9 * parametersB) / flopsPerMs + exchanges * efficiency.exchangeTokenMs;
  return {
    curve: {
      stepMs:
        (weightsGB * 1e9) / bandwidthPerMs + layers * efficiency.layerMs + exchanges * efficiency.exchangeMs,
      prefillMs: tokenMs,
      sequenceMs: tokenMs,
      contextMs: kvBytes / bandwidthPerMs,
    },
    contextTokensMax: Math.max(1, Math.floor(((thereGB - weightsGB) * 1e9) / kvBytes)),
  };
}
