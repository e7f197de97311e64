/** WHAT RUNS A MODEL: says what to launch and what it speaks. Substrates launch it. */
import type { Engine } from '#contracts';
import { createFakeEngine } from './fake/index.ts';
import { createLlamaEngine } from './llama/index.ts';
import { createOipEngine } from './oip/index.ts';
import { createOnnxEngine } from './onnx/index.ts';
import { createOpenaiEngine, type OpenaiEngineDeps } from './openai/index.ts';

/** For the platform's own process, as for its workers. */
export { giveHeapRoom } from './wire/heap-room.ts';

export type EnginesDeps = OpenaiEngineDeps;

/** The shelf, by name. Cheap: what an engine runs on is loaded in its worker, never here. */
export function createEngines(deps: EnginesDeps): ReadonlyMap<string, Engine> {
  const engines = [
    createLlamaEngine(),
    createOnnxEngine(),
    createOpenaiEngine(deps),
    createOipEngine(deps),
    createFakeEngine(),
  ];
  return new Map(engines.map((engine) => [engine.name, engine]));
}
