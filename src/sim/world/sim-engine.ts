import { endpointPaths, problem } from '#schema';
import type { Engine, SignsOfLife } from '#contracts';
import type { Clock } from '#contracts';
import type { Fleet } from './fleet.ts';

/** When a replica that runs will have loaded, by its endpoint (monotonic). */
type Loads = ReadonlyMap<string, { readonly fromMs: number; readonly readyAtMs: number }>;

interface SimEngineDeps {
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly loads: Loads;
}

function signsOf({ clock, fleet, loads }: SimEngineDeps, endpoint: string): SignsOfLife | undefined {
  const model = fleet.modelAt(endpoint);
  const load = loads.get(endpoint);
  if (model === undefined || load === undefined) return undefined;
  const nowMs = clock.monotonicMs();
  if (nowMs >= load.readyAtMs)
    return { state: 'ready', progress: model.steps(), active: model.inside(), queued: 0 };
  const loadedFraction = (nowMs - load.fromMs) / (load.readyAtMs - load.fromMs);
  return { state: 'loading', loadedFraction, progress: 0, active: 0, queued: 0 };
}

/** What the control plane asks about replicas that are models of time: they load, then they work. */
export function createSimEngine(deps: SimEngineDeps): Engine {
  return {
    name: 'sim',
    dialect: 'openai',
    formats: [],
    endpoints: endpointPaths,
    concurrency: () => 1,
    parseOptions: () => ({ ok: true, value: {} }),
    launch: () => ({ kind: 'process', entry: 'file:///sim', args: [], env: {} }),
    life(endpoint) {
      const value = signsOf(deps, endpoint);
      return Promise.resolve(
        value === undefined ? { ok: false, problem: problem('replica_failed') } : { ok: true, value },
      );
    },
  };
}
