import type { World } from './world.ts';

/** How things stood at one moment, for charts. */
export interface TimelinePoint {
  readonly atS: number;
  readonly ready: number;
  readonly paid: number;
  readonly inside: number;
  readonly waiting: number;
  /** Busy share of the ready replicas since the point before. */
  readonly utilisation: number;
}

/** Points of a run, however long it is. */
const points = 240;

/** Notes how things stand, evenly over the run. */
export function keepTimeline(world: World): readonly TimelinePoint[] {
  const { clock, fleet, dispatch, scenario } = world;
  const everyMs = (scenario.durationS * 1000) / points;
  const timeline: TimelinePoint[] = [];
  let busyMs = 0;

  function look(): void {
    const inside = dispatch.inFlight();
    const ready = fleet.ready();
    const nowBusyMs = fleet.busyMs();
    timeline.push({
      atS: clock.monotonicMs() / 1000,
      ready,
      paid: fleet.paid(),
      inside,
      waiting: Math.max(0, inside - fleet.inside()),
      utilisation: ready === 0 ? 0 : Math.min(1, (nowBusyMs - busyMs) / (everyMs * ready)),
    });
    busyMs = nowBusyMs;
    if (timeline.length < points) clock.setTimer(everyMs, look);
  }
  clock.setTimer(everyMs, look);
  return timeline;
}
