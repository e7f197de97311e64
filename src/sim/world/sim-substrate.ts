import type { Clock, Rng, Substrate } from '#contracts';
import type { Scenario } from '#schema';
import { createFakeSubstrate, type Fate } from '#substrates/fake';
import { createReplicaModel } from '../engine/replica-model.ts';
import { drawGap } from '../workload/draw.ts';
import { engineShapeOf } from './engine-shape.ts';
import type { Fleet } from './fleet.ts';

export interface SimSubstrate extends Substrate {
  readonly loads: Map<string, { readonly fromMs: number; readonly readyAtMs: number }>;
  /** Starts of now on are over at once: the fleet that a run begins with. */
  loadAtOnce(atOnce: boolean): void;
}

interface SimSubstrateDeps {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly fleet: Fleet;
}

interface Start {
  readonly loadMs: number;
  readonly fate: Fate;
}

/** How one start goes: how long it takes, whether it fails at its end, and when the replica dies. */
function drawStart({ scenario, rng }: SimSubstrateDeps, atOnce: boolean): Start {
  const { coldStartMs, jitter, failureShare, lifeMeanS } = scenario.start;
  const loadMs = atOnce ? 0 : coldStartMs * (1 + jitter * (2 * rng.next() - 1));
  if (!atOnce && rng.next() < failureShare)
    return { loadMs: Infinity, fate: { exitAfterMs: loadMs, exitReason: 'its start failed' } };
  if (lifeMeanS === undefined) return { loadMs, fate: {} };
  return {
    loadMs,
    fate: { exitAfterMs: loadMs + drawGap(rng, 1) * lifeMeanS * 1000, exitReason: 'it died' },
  };
}

/** The fake substrate, whose processes are engines that are models of time. */
export function createSimSubstrate(deps: SimSubstrateDeps): SimSubstrate {
  const { scenario, clock, fleet } = deps;
  const loads: SimSubstrate['loads'] = new Map();
  const endpoints = new Map<string, string>();
  let atOnce = false;
  let drawn = drawStart(deps, true);
  const inner = createFakeSubstrate({ clock, fate: () => drawn.fate });

  function ended(replica: string): void {
    const endpoint = endpoints.get(replica);
    if (endpoint === undefined) return;
    endpoints.delete(replica);
    loads.delete(endpoint);
    fleet.remove(endpoint);
  }

  inner.onExit(({ replica }) => {
    ended(replica);
  });
  return {
    ...inner,
    loads,
    loadAtOnce(value) {
      atOnce = value;
    },
    async start(replica, plan, signal) {
      drawn = drawStart(deps, atOnce);
      const { loadMs } = drawn;
      const started = await inner.start(replica, plan, signal);
      if (!started.ok) return started;
      const { endpoint } = started.value;
      const fromMs = clock.monotonicMs();
      endpoints.set(replica, endpoint);
      loads.set(endpoint, { fromMs, readyAtMs: fromMs + loadMs });
      fleet.add(endpoint, createReplicaModel(engineShapeOf(scenario.engine), clock));
      fleet.countChange();
      return started;
    },
    async stop(handle, options) {
      const ran = endpoints.has(handle.replica);
      await inner.stop(handle, options);
      if (!ran) return;
      fleet.countChange();
      ended(handle.replica);
    },
  };
}
