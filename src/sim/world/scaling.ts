import { createScaler } from '#policies';
import type { World } from './world.ts';

/** Asks the scaling policy every so often, as the control plane does, and does what it says. */
export function keepScaled(world: World): void {
  const { clock, dispatch, fleet, meter, scenario } = world;
  const { replicas, scaling, scaleEveryMs, start, engine, limits } = scenario;
  const scaler = createScaler(scaling, replicas);
  const concurrency = limits.concurrency ?? engine.sequencesMax;
  let wanted = replicas.min;
  let busyMs = 0;
  fleet.setWanted(wanted);

  function look(): void {
    const nowBusyMs = fleet.busyMs();
    const ready = fleet.ready();
    const load = meter.read({
      elapsedMs: scaleEveryMs,
      requestsInside: dispatch.inFlight(),
      concurrency,
      busyMs: nowBusyMs - busyMs,
      ready,
    });
    busyMs = nowBusyMs;
    const input = { nowMs: clock.nowMs(), wanted, ready, coldStartMs: start.coldStartMs, load };
    const decision = scaler.decide(input);
    if (decision.replicas !== wanted) {
      const { replicas: to, reason } = decision;
      world.decide({ atMs: clock.monotonicMs(), kind: 'scale', from: wanted, to, reason });
      wanted = to;
      fleet.setWanted(to);
    }
    clock.setTimer(scaleEveryMs, look);
  }
  clock.setTimer(scaleEveryMs, look);
}
