import { problem } from '#schema';
import type { AdmissionCount, Clock, Meters, Result, Rng, Transport } from '#contracts';
import type { Ask, AskListener, Ticket } from './ask.ts';
import type { Directory } from './directory.ts';
import { createJob, type Lane } from './job.ts';
import { createLane } from './lane.ts';
import { enter } from './life/enter.ts';
import type { Floor } from './life/floor.ts';
import { pump } from './life/pump.ts';
import { cancel } from './life/settle.ts';
import { unknownModel, unservedEndpoint } from './refusals.ts';
import type { Route } from './route.ts';
import { admissionReasons } from './tally.ts';

export interface DispatchDeps {
  readonly directory: Directory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Pick<Rng, 'next'>;
  readonly meters: Meters;
}

export interface Dispatch {
  /** Takes a request in. The listener hears of it until its end, unless the ticket is cancelled. */
  submit(ask: Ask, listener: AskListener): Ticket;
  /** Requests taken in and not yet over. */
  inFlight(): number;
  /** Refuses what comes from now on; resolves when what was taken in is over. */
  drain(): Promise<void>;
}

const spent: Ticket = { cancel: () => undefined, resume: () => undefined };

function countsOf({ deployment, tally }: Lane): readonly AdmissionCount[] {
  return admissionReasons
    .map((reason, at) => ({ deployment, reason, count: tally[at] ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** The lanes of all deployments, made when first asked for and dropped with their deployment. */
function createLanes(): {
  of(deployment: string): Lane;
  get(deployment: string): Lane | undefined;
  drop(name: string): void;
  counts(): readonly AdmissionCount[];
} {
  const lanes = new Map<string, Lane>();
  return {
    of(deployment) {
      let lane = lanes.get(deployment);
      if (lane === undefined) {
        lane = createLane(deployment);
        lanes.set(deployment, lane);
      }
      return lane;
    },
    get: (deployment) => lanes.get(deployment),
    drop(name) {
      lanes.get(name)?.stopTimer?.();
      lanes.delete(name);
    },
    counts: () => [...lanes.values()].flatMap(countsOf),
  };
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

/** Who serves what is asked for, in the dialect it is asked in. */
function findRoute(directory: Directory, { model, endpoint }: Ask): Result<Route> {
  const route = directory.resolve(model);
  if (route === undefined) return { ok: false, problem: unknownModel(model, directory.routes()) };
  return route.endpoints.includes(endpoint)
    ? { ok: true, value: route }
    : { ok: false, problem: unservedEndpoint(route, endpoint) };
}

/** A request's life: admit → order → batch → route → send → stream → account. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { directory, clock } = deps;
  const lanes = createLanes();
  const gate = createGate();
  const floor: Floor = {
    ...deps,
    left: () => {
      gate.left();
    },
    wake: (lane) => {
      pump(floor, lane);
    },
  };
  deps.meters.observeAdmissions(() => lanes.counts());

  directory.onChange((deployment) => {
    const lane = lanes.get(deployment);
    if (lane === undefined) return;
    pump(floor, lane);
    if (directory.resolve(deployment) === undefined && lane.running === 0) lanes.drop(deployment);
  });

  return {
    submit(ask, listener) {
      const found = gate.isClosed() ? closed : findRoute(directory, ask);
      if (!found.ok) {
        listener.failed(found.problem);
        return spent;
      }
      const route = found.value;
      const lane = lanes.of(route.deployment);
      const job = createJob({ ask, listener, lane, arrivedMs: clock.monotonicMs() });
      gate.entered();
      enter(floor, job, route);
      return {
        cancel: () => {
          cancel(floor, job);
        },
        resume: () => job.call?.resume(),
      };
    },
    inFlight: () => gate.inside(),
    drain: () => gate.close(),
  };
}
