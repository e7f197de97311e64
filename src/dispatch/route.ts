import type { Deployment, EndpointPath, ModelSpec, Replica } from '#schema';
import { endpointPaths, modelVersionLabel, replicaBoundsOf, wantedReplicasOf } from '#schema';
import type { ServiceCurve } from '#policies';
import { createSlot, type Slot } from './slot.ts';
import type { Split } from './split.ts';
import type { Witness } from './witness/witness.ts';

export type { Slot } from './slot.ts';

/** What is known while no replica is ready. */
interface Condition {
  /** What the control plane says about the deployment. */
  readonly message: string | undefined;
  /** The replica that is furthest on its way, if any is. */
  readonly loading:
    | {
        readonly fraction: number | undefined;
        readonly remainingMs: number | undefined;
        /** Wall time at which it should be ready, as long as starts of its version take; where that was measured. */
        readonly dueAtMs: number | undefined;
      }
    | undefined;
  readonly wantedReplicas: number;
  /** Wall time at which failed replicas are tried again. */
  readonly nextStartAtMs: number | undefined;
}

/** What an engine's replicas can be asked. */
export interface Serving {
  readonly endpoints: readonly EndpointPath[];
  /** What they call the model; undefined: as the deployment is called. */
  readonly modelThere: string | undefined;
}

export const servesAll: Serving = { endpoints: endpointPaths, modelThere: undefined };

/** Everything dispatch knows of one deployment. Lives as long as the deployment; slots come and go. */
export interface Route {
  /** The deployment's name, but for a candidate. */
  readonly key: string;
  /** While a release divides the requests: how. */
  readonly split: Split | undefined;
  readonly deployment: string;
  readonly model: string;
  /** `name@version` that is wanted. */
  readonly label: string;
  readonly task: ModelSpec['task'];
  /** What it can be asked; everything else is refused by name. */
  readonly endpoints: readonly EndpointPath[];
  readonly limits: Deployment['spec']['limits'];
  readonly routing: Deployment['spec']['routing'];
  readonly resilience: Deployment['spec']['resilience'];
  /** How requests are put together; undefined where its engine takes them one by one. */
  readonly batching: { readonly sizeMax: number; readonly windowMs: number | undefined } | undefined;
  readonly fallbacks: Deployment['spec']['fallbacks'];
  /** A request that waits longer than this for its place counts as late where the replicas are scaled. */
  readonly lateAfterMs: number;
  /** Replicas there should be, and that a policy in shadow would have. */
  readonly wanted: number;
  readonly advised: number | undefined;
  readonly steps: Deployment['spec']['steps'];
  readonly createdAt: string | undefined;
  /** Only replicas that may be sent to. */
  readonly slots: readonly Slot[];
  /** What requests are predicted by before they have a replica: of the first that was measured. Undefined while there is none. */
  readonly curve: ServiceCurve | undefined;
  readonly condition: Condition;
}

/** What the routes are made from. */
export interface RouteParts {
  readonly key: string;
  readonly split: Split | undefined;
  readonly deployment: Deployment;
  readonly task: ModelSpec['task'];
  readonly replicas: readonly Replica[];
  readonly headers: readonly string[];
  readonly serving: Serving;
  readonly curveOf: (replica: Replica) => ServiceCurve;
  /** Requests that its engine takes together; undefined where it does not. */
  readonly batchSizeMax: number | undefined;
  readonly witnessOf: (replica: Replica) => Witness | undefined;
  readonly answererOf: (replica: Replica) => number;
  /** All slots there were of this deployment. */
  readonly before: readonly Slot[];
}

function toSlot(replica: Replica, parts: RouteParts, taken: ReadonlySet<number>): Slot | undefined {
  const { status } = replica;
  if (status?.state !== 'ready' || status.endpoint === undefined) return undefined;
  const known = parts.before.find((slot) => slot.id === replica.metadata.name);
  const concurrency = parts.deployment.spec.limits.concurrency ?? status.concurrency ?? 1;
  if (known !== undefined && known.endpoint === status.endpoint) {
    // The record learns of it after it became ready, and the deployment's limit may change at any time.
    known.concurrency = concurrency;
    // A key that cannot be read at the moment is better than none.
    if (parts.headers.length > 0) known.headers = parts.headers;
    known.witness = parts.witnessOf(replica);
    known.answerer = parts.answererOf(replica);
    return known;
  }
  return createSlot({
    id: replica.metadata.name,
    endpoint: status.endpoint,
    headers: parts.headers,
    model: modelVersionLabel(replica.spec),
    modelThere: parts.serving.modelThere ?? parts.deployment.metadata.name,
    modelInBody: parts.serving.modelThere,
    curve: parts.curveOf(replica),
    concurrency,
    number: firstFree(taken),
    witness: parts.witnessOf(replica),
    answerer: parts.answererOf(replica),
  });
}

/** The smallest number that nobody has. */
function firstFree(taken: ReadonlySet<number>): number {
  let number = 0;
  while (taken.has(number)) number += 1;
  return number;
}

/** With scaling, what waits makes a replica come, however many there are now. */
function expectedReplicas(spec: Deployment['spec']): number {
  const { min, max } = replicaBoundsOf(spec);
  return Math.min(max, Math.max(1, min));
}

function loadingOf({ status, metadata }: Replica, coldStartMs: number | undefined): Condition['loading'] {
  const { createdAt } = metadata;
  const isKnown = createdAt !== undefined && coldStartMs !== undefined;
  return {
    fraction: status?.loadedFraction,
    remainingMs: status?.remainingMs,
    dueAtMs: isKnown ? Date.parse(createdAt) + coldStartMs : undefined,
  };
}

function conditionOf({ deployment, replicas }: RouteParts): Condition {
  const furthest = replicas
    .filter(({ status }) => status?.state === 'loading' || status?.state === 'starting')
    .toSorted((a, b) => (b.status?.loadedFraction ?? 0) - (a.status?.loadedFraction ?? 0))[0];
  const { status, spec } = deployment;
  return {
    message: status?.message,
    loading: furthest && loadingOf(furthest, status?.coldStartMs),
    wantedReplicas: expectedReplicas(spec),
    nextStartAtMs: status?.nextStartAt === undefined ? undefined : Date.parse(status.nextStartAt),
  };
}

function batchingOf({ deployment, batchSizeMax }: RouteParts): Route['batching'] {
  const { maxSize = Infinity, windowMs } = deployment.spec.batching;
  return batchSizeMax === undefined ? undefined : { sizeMax: Math.min(maxSize, batchSizeMax), windowMs };
}

/** Slots that stay keep their identity, so that what is in flight on them stays counted. */
export function buildRoute(parts: RouteParts): Route {
  const { spec, metadata } = parts.deployment;
  const slots: Slot[] = [];
  const taken = new Set(parts.before.map((slot) => slot.number));
  for (const replica of parts.replicas) {
    const slot = toSlot(replica, parts, taken);
    if (slot === undefined) continue;
    // It may come from beside another version's, whose numbers are its own.
    if (slots.some((other) => other.number === slot.number)) slot.number = firstFree(taken);
    slots.push(slot);
    taken.add(slot.number);
  }
  return {
    key: parts.key,
    split: parts.split,
    deployment: metadata.name,
    model: spec.model,
    label: modelVersionLabel(spec),
    task: parts.task,
    endpoints: parts.serving.endpoints,
    limits: spec.limits,
    routing: spec.routing,
    resilience: spec.resilience,
    batching: batchingOf(parts),
    fallbacks: spec.fallbacks,
    lateAfterMs: spec.scaling?.waitMs ?? Infinity,
    wanted: wantedReplicasOf(parts.deployment),
    advised: parts.deployment.status?.scaling?.shadow?.replicas,
    steps: spec.steps,
    createdAt: metadata.createdAt,
    slots,
    get curve() {
      return (slots.find(({ curve }) => curve.samples > 0) ?? slots[0])?.curve;
    },
    condition: conditionOf(parts),
  };
}
