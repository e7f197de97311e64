import { engineOptions, type Deployment } from '#schema';
import type { Engine, Result } from '#contracts';

/** Headers that the replicas of a deployment want with every request; none for engines of our own. */
export function externalHeaders(
  engines: ReadonlyMap<string, Engine>,
  { spec }: Deployment,
): Result<readonly string[]> {
  const engine = engines.get(spec.engine.name);
  if (engine?.credentials === undefined) return { ok: true, value: [] };
  const options = engine.parseOptions(engineOptions(spec.engine));
  return options.ok ? engine.credentials(options.value) : options;
}
