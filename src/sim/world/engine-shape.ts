import type { ScenarioEngine } from '#schema';
import type { EngineShape } from '../engine/batch.ts';
import { blockTokens } from './prompts.ts';

export function engineShapeOf(engine: ScenarioEngine): EngineShape {
  const { prefixTokens, sequencesMax, stepTokensMax, contextTokensMax } = engine;
  return {
    curve: {
      stepMs: engine.stepMs,
      prefillMs: 1000 / engine.prefillTokensPerS,
      sequenceMs: engine.sequenceMs,
      contextMs: engine.contextMsPer1000 / 1000,
    },
    sequencesMax,
    stepTokensMax,
    contextTokensMax,
    prefix: prefixTokens === 0 ? undefined : { blockTokens, capacityTokens: prefixTokens },
  };
}
