import { problem } from '#schema';
import type {
  AdmissionCount,
  Clock,
  Loads,
  MendingCount,
  Meters,
  Result,
  Rng,
  Scorer,
  Standings,
  Transport,
} from '#contracts';
import type { Ask, AskListener, Ticket } from './ask.ts';
import type { Directory } from './directory.ts';
import { createJob, type Job, type Lane } from './job.ts';
import { createLane } from './lane.ts';
import { createLoads } from './loads.ts';
import { enter } from './life/enter.ts';
import type { Floor } from './life/floor.ts';
import { pump } from './life/pump.ts';
import { rehome } from './life/rehome.ts';
import { cancel } from './life/settle.ts';
import { unknownModel, unservedEndpoint } from './refusals.ts';
import type { Route } from './route.ts';
import { createShadows, watched } from './shadow.ts';
import { goesToCandidate } from './split.ts';
import { admissionReasons } from './tally.ts';

export interface DispatchDeps {
  readonly directory: Directory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Pick<Rng, 'next'>;
  readonly meters: Meters;
  /** Judges answers where a release wants that; nobody does when absent. */
  readonly scorer?: Scorer | undefined;
}

export interface Dispatch {
  /** Takes a request in. The listener hears of it until its end, unless the ticket is cancelled. */
  submit(ask: Ask, listener: AskListener): Ticket;
  /** Requests taken in and not yet over. */
  inFlight(): number;
  /** What comes to each deployment, for whoever decides how many replicas it has. */
  readonly loads: Loads & Standings;
  /** Refuses what comes from now on; resolves when what was taken in is over. */
  drain(): Promise<void>;
}

const spent: Ticket = { cancel: () => undefined, resume: () => undefined };

function countsOf({ deployment, tally }: Lane): readonly AdmissionCount[] {
  return admissionReasons
    .map((reason, at) => ({ deployment, reason, count: tally[at] ?? 0 }))
    .filter(({ count }) => count > 0);
}

function mendingOf({ deployment, mending }: Lane): readonly MendingCount[] {
  return [...mending.tally].map(([reason, count]) => ({ deployment, reason, count }));
}

/** Two versions of one deployment have a lane each: together they are one. */
function totalled(counts: readonly AdmissionCount[]): readonly AdmissionCount[] {
  const sums = new Map<string, AdmissionCount>();
  for (const one of counts) {
    const name = `${one.deployment}/${one.reason}`;
    sums.set(name, { ...one, count: one.count + (sums.get(name)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** The lanes of all routes, made when first asked for and dropped with their route. */
function createLanes(): {
  of(route: Pick<Route, 'key' | 'deployment'>): Lane;
  get(key: string): Lane | undefined;
  drop(key: string): void;
  counts(): readonly AdmissionCount[];
  mending(): readonly MendingCount[];
} {
  const lanes = new Map<string, Lane>();
  return {
    of(route) {
      let lane = lanes.get(route.key);
      if (lane === undefined) {
        lane = createLane(route);
        lanes.set(route.key, lane);
      }
      return lane;
    },
    get: (key) => lanes.get(key),
    drop(key) {
      lanes.get(key)?.stopTimer?.();
      lanes.delete(key);
    },
    counts: () => totalled([...lanes.values()].flatMap(countsOf)),
    mending: () => totalled([...lanes.values()].flatMap(mendingOf)),
  };
}

function showMeters(meters: Meters, lanes: ReturnType<typeof createLanes>, loads: Standings): void {
  meters.observeAdmissions(() => lanes.counts());
  meters.observeMending(() => lanes.mending());
  meters.observeStandings?.(() => loads.all());
}

/** Counts what is inside and, once closed, tells when the last one has left. */
function createGate() {
  let inside = 0;
  let closed = false;
  let emptied: (() => void) | undefined;
  return {
    isClosed: () => closed,
    inside: () => inside,
    entered() {
      inside += 1;
    },
    left() {
      inside -= 1;
      if (inside === 0) emptied?.();
    },
    async close() {
      closed = true;
      if (inside === 0) return;
      await new Promise<void>((resolve) => {
        emptied = resolve;
      });
    },
  };
}

const closed: Result<Route> = { ok: false, problem: problem('shutting_down') };

/** While a release divides the requests: the version that this one is drawn for, if that can answer. */
function drawn(route: Route, ask: Ask, { directory, rng }: DispatchDeps): Route {
  if (route.split === undefined || directory.names.meant(ask.model, ask.tenant) === route.label) return route;
  if (!goesToCandidate(route.split, ask, () => rng.next())) return route;
  const candidate = directory.at(route.split.candidate);
  return candidate === undefined || candidate.slots.length === 0 ? route : candidate;
}

/** Who serves what is asked for, in the dialect it is asked in. */
function findRoute(deps: DispatchDeps, ask: Ask): Result<Route> {
  const { directory } = deps;
  const named = directory.resolve(ask.model, ask.tenant);
  if (named === undefined) return { ok: false, problem: unknownModel(ask, directory) };
  const route = drawn(named, ask, deps);
  return route.endpoints.includes(ask.endpoint)
    ? { ok: true, value: route }
    : { ok: false, problem: unservedEndpoint(route, ask.endpoint) };
}

/** What the caller of a request holds of it. */
class JobTicket implements Ticket {
  private readonly floor: Floor;
  private readonly job: Job;

  constructor(floor: Floor, job: Job) {
    this.floor = floor;
    this.job = job;
  }

  cancel(): void {
    cancel(this.floor, this.job);
  }

  resume(): void {
    this.job.call?.resume();
  }
}

interface Entrance {
  readonly floor: Floor;
  readonly lanes: Pick<ReturnType<typeof createLanes>, 'of'>;
  readonly gate: Pick<ReturnType<typeof createGate>, 'entered'>;
}

type TakeIn = (route: Route, asked: Pick<Job, 'ask' | 'listener' | 'isCopy'>) => Ticket;

/** From here on the request has a life of its own. */
function createTakeIn({ floor, lanes, gate }: Entrance): TakeIn {
  return (route, { ask, listener, isCopy }) => {
    const lane = lanes.of(route);
    const job = createJob({ ask, listener, lane, isCopy, arrivedMs: floor.clock.monotonicMs() });
    gate.entered();
    enter(floor, job, route);
    return new JobTicket(floor, job);
  };
}

/** Lets those who wait go on when their route has changed; what waits for a version that is gone waits for the other. */
function followDirectory(floor: Floor, lanes: ReturnType<typeof createLanes>): void {
  const { directory } = floor;
  directory.onChange((key) => {
    const lane = lanes.get(key);
    if (lane === undefined) return;
    const isGone = directory.at(key) === undefined;
    const main = directory.at(lane.deployment);
    if (isGone && main !== undefined) rehome(floor, lane, lanes.of(main));
    pump(floor, lane);
    if (isGone && lane.running === 0) lanes.drop(key);
  });
}

/** A request's life: admit → order → batch → route → send → stream → account. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { directory } = deps;
  const lanes = createLanes();
  const gate = createGate();
  const loads = createLoads(deps, (key) => lanes.get(key));
  const floor: Floor = {
    ...deps,
    left: () => {
      gate.left();
    },
    wake: (lane) => {
      pump(floor, lane);
    },
    starved: loads.tellStarved,
  };
  const takeIn = createTakeIn({ floor, lanes, gate });
  const shadows = createShadows({
    ...deps,
    routeOf: (key) => (gate.isClosed() ? undefined : directory.at(key)),
    submit: (route, ask, listener) => takeIn(route, { ask, listener, isCopy: true }),
  });
  showMeters(deps.meters, lanes, loads);

  followDirectory(floor, lanes);

  return {
    submit(ask, listener) {
      const found = gate.isClosed() ? closed : findRoute(deps, ask);
      if (!found.ok) {
        listener.failed(found.problem);
        return spent;
      }
      const route = found.value;
      const copied = route.split?.shadow && shadows.draw(route, ask, listener);
      if (copied === undefined) return takeIn(route, { ask, listener, isCopy: false });
      return watched(takeIn(route, { ask, listener: copied.listener, isCopy: false }), copied);
    },
    inFlight: () => gate.inside(),
    loads,
    drain: () => gate.close(),
  };
}
