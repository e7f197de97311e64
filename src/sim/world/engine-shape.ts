import type { ScenarioEngine } from '#schema';
import type { EngineShape } from '../engine/batch.ts';
import { predictEngine } from '../engine/predicted.ts';
import { blockTokens } from './prompts.ts';

function toldOf(engine: ScenarioEngine): Pick<EngineShape, 'curve' | 'contextTokensMax'> {
  return {
    curve: {
      stepMs: engine.stepMs,
      prefillMs: 1000 / engine.prefillTokensPerS,
      sequenceMs: engine.sequenceMs,
      contextMs: engine.contextMsPer1000 / 1000,
    },
    contextTokensMax: engine.contextTokensMax,
  };
}

export function engineShapeOf(engine: ScenarioEngine): EngineShape {
  const { prefixTokens, sequencesMax, stepTokensMax, hardware } = engine;
  return {
    ...(hardware === undefined ? toldOf(engine) : predictEngine(hardware)),
    sequencesMax,
    stepTokensMax,
    prefix: prefixTokens === 0 ? undefined : { blockTokens, capacityTokens: prefixTokens },
  };
}
