import type { Clock, LoadReading, Loads, LoadStanding, Standings } from '#contracts';
import type { Directory } from './directory.ts';
import type { Lane } from './job.ts';
import type { Route } from './route.ts';
import { candidateKey } from './split.ts';
import { createTraffic, readTraffic } from './traffic.ts';

interface LoadsDeps {
  readonly directory: Directory;
  readonly clock: Clock;
}

/** What is read of the lanes by whoever decides how many replicas there are, here or elsewhere. */
export interface LaneLoads extends Loads, Standings {
  /** Tells whoever listens that requests of this deployment wait while it has no replica. */
  readonly tellStarved: (deployment: string) => void;
}

/** Two versions of one deployment are one load: whoever counts replicas counts those of both. */
function together(one: LoadReading, other: LoadReading): LoadReading {
  return {
    places: Math.max(one.places, other.places),
    arrivedWorkMs: one.arrivedWorkMs + other.arrivedWorkMs,
    takenMs: one.takenMs + other.takenMs,
    inside: one.inside + other.inside,
    waiting: one.waiting + other.waiting,
    waitingWorkMs: one.waitingWorkMs + other.waitingWorkMs,
    begun: one.begun + other.begun,
    firstByteMs: one.firstByteMs + other.firstByteMs,
    due: one.due + other.due,
    late: one.late + other.late,
  };
}

function standingOf(route: Route, reading: LoadReading, ready: number): LoadStanding {
  const { places, inside, waiting } = reading;
  return {
    deployment: route.deployment,
    inFlight: inside,
    waiting,
    ready,
    wanted: route.wanted,
    advised: route.advised,
    utilisation: ready === 0 ? 0 : Math.min(1, (inside - waiting) / (places * ready)),
    arrivedMs: reading.arrivedWorkMs / places,
    takenMs: reading.takenMs / places,
  };
}

export function createLoads(
  { directory, clock }: LoadsDeps,
  laneAt: (key: string) => Lane | undefined,
): LaneLoads {
  const listeners = new Set<(deployment: string) => void>();

  function readLane(lane: Lane | undefined): LoadReading {
    const { waiting } = lane?.order ?? { waiting: 0 };
    const standing = { nowMs: clock.monotonicMs(), running: lane?.running ?? 0, waiting };
    return readTraffic(lane?.traffic ?? createTraffic(), standing);
  }

  /** Of a deployment that nobody has asked yet, nothing: that is known too. */
  function read(deployment: string): LoadReading | undefined {
    if (directory.at(deployment) === undefined) return undefined;
    const own = readLane(laneAt(deployment));
    const candidate = laneAt(candidateKey(deployment));
    return candidate === undefined ? own : together(own, readLane(candidate));
  }

  function of(deployment: string): LoadStanding | undefined {
    const route = directory.at(deployment);
    const reading = read(deployment);
    if (route === undefined || reading === undefined) return undefined;
    const candidate = directory.at(candidateKey(deployment));
    return standingOf(route, reading, route.slots.length + (candidate?.slots.length ?? 0));
  }

  return {
    read,
    of,
    onStarved(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tellStarved(deployment) {
      for (const listener of listeners) listener(deployment);
    },
    all: () => directory.routes().flatMap(({ deployment }) => of(deployment) ?? []),
  };
}
