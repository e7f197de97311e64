import { engineOptions, type Deployment } from '#schema';
import type { Engine } from '#contracts';
import type { Serving } from '#dispatch';

type Engines = ReadonlyMap<string, Engine>;

/** What the replicas of a deployment can be asked, as its engine says. */
export function servingOf(engines: Engines, { spec }: Deployment): Serving {
  const engine = engines.get(spec.engine.name);
  const options = engine?.parseOptions(engineOptions(spec.engine));
  return {
    endpoints: engine?.endpoints ?? [],
    modelThere: options?.ok === true ? engine?.modelThere?.(options.value) : undefined,
  };
}

/** How many requests its engine takes as one; undefined where it takes them one by one. */
export function batchSizeMaxOf(engines: Engines, { spec }: Deployment): number | undefined {
  const engine = engines.get(spec.engine.name);
  const options = engine?.batchSizeMax && engine.parseOptions(engineOptions(spec.engine));
  return options?.ok === true ? engine?.batchSizeMax?.(options.value) : undefined;
}
