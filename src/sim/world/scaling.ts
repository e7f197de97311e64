import { loadBetween } from '#control';
import { createScaler, type ScaleLoad } from '#policies';
import { deploymentName, type World } from './world.ts';

/** Reads the load since the last reading, from dispatch as the control plane does. */
function createLoadReader({ clock, dispatch, fleet }: World): () => ScaleLoad | undefined {
  let before = dispatch.loads.read(deploymentName);
  let atMs = clock.monotonicMs();
  return () => {
    const now = dispatch.loads.read(deploymentName);
    const nowMs = clock.monotonicMs();
    const elapsedMs = nowMs - atMs;
    const load = before && now && loadBetween({ before, now, elapsedMs, ready: fleet.ready() });
    [before, atMs] = [now, nowMs];
    return load;
  };
}

/** Asks the scaling policy every so often, as the control plane does, and does what it says. */
export function keepScaled(world: World): void {
  const { clock, dispatch, fleet, scenario } = world;
  const { replicas, scaling, start } = scenario;
  const scaler = createScaler(scaling, replicas);
  const readLoad = createLoadReader(world);
  let wanted = replicas.min;
  let cancelTimer: (() => void) | undefined;
  fleet.setWanted(wanted);

  function look(): void {
    cancelTimer?.();
    cancelTimer = clock.setTimer(scaling.everyMs, look);
    const coldStartMs = scaling.coldStartMs ?? start.coldStartMs;
    const input = { nowMs: clock.nowMs(), wanted, ready: fleet.ready(), coldStartMs, load: readLoad() };
    const { replicas: to, reason } = scaler.decide(input);
    if (to === wanted) return;
    world.decide({ atMs: clock.monotonicMs(), kind: 'scale', from: wanted, to, reason });
    wanted = to;
    fleet.setWanted(to);
  }
  dispatch.loads.onStarved(() => {
    if (wanted === 0) clock.setTimer(0, look);
  });
  cancelTimer = clock.setTimer(scaling.everyMs, look);
}
