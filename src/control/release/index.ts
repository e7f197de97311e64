import { sharesAfter, type Release } from '#schema';
import type { Actor } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';
import { commit, listOf, replacing, timestamp, type Acted } from '../records.ts';
import type { ReleaseObserved } from './judging.ts';
import type { Watching } from './looks.ts';
import { observeRelease } from './observe.ts';
import { reconcileRelease, type ReleaseAction } from './reconcile.ts';

const concurrencyMax = 16;
const resyncMs = 10_000;

/** Releases: one key for each. Decides from what gateways have counted; what it has learned survives in the record. */
export function createReleaseLoop(deps: ControlDeps): Loop {
  const { store, clock, log } = deps;
  const watching = new Map<string, Watching>();

  function known(name: string): Watching {
    const one = watching.get(name) ?? { read: {}, memory: undefined, wroteAtMs: -Infinity };
    watching.set(name, one);
    return one;
  }

  async function write(action: Extract<ReleaseAction, { kind: 'write' }>): Promise<Acted> {
    const { release, deployment } = action;
    const { name } = release.metadata;
    const shares = sharesAfter(action.status, timestamp(clock.nowMs()));
    const status = { ...action.status, ...(shares && { shares }) };
    const actor: Actor = {
      name: 'control',
      tenant: 'system',
      reason: `Release ${name}: ${status.message ?? ''}`,
    };
    const changes = [replacing({ ...release, status }), ...(deployment ? [replacing(deployment)] : [])];
    const acted = await commit(store, changes, actor);
    if (acted === 'stale') return acted;
    known(name).wroteAtMs = clock.nowMs();
    if (status.state !== release.status?.state)
      log.info(`release-${status.state}`, { release: name, message: status.message });
    return acted;
  }

  const reconciler: Reconciler<Release | undefined, ReleaseObserved, ReleaseAction> = {
    name: 'release',
    keys: async () => (await listOf(store, 'Release')).map(({ metadata }) => metadata.name),
    async observe(name) {
      const found = await observeRelease(deps, name, known(name));
      if (found.wanted === undefined) watching.delete(name);
      return found;
    },
    reconcile: reconcileRelease,
    async act(action) {
      if (action.kind === 'write') return write(action);
      known(action.name).memory = action.memory;
      return 'done';
    },
  };
  return createLoop(deps, reconciler, { concurrencyMax, resyncMs });
}
