import {
  modelVersionLabel,
  type Deployment,
  type Model,
  type ModelVersion,
  type Release,
  type Replica,
  type Resource,
} from '#schema';
import type { WatchEvent } from '#contracts';
import { createAnsweredBook, type AnsweredBook } from './answered.ts';
import { createCurves, type Curves } from './curves.ts';
import { createEvidenceBook, type EvidenceBook } from './evidence.ts';
import { buildRoute, servesAll, type Route, type RouteParts, type Serving } from './route.ts';
import { createNames, type Names } from './names.ts';
import { createShares, type Shares } from './shares.ts';
import { candidateKey, templateOf, versionsOf, type ShadowSplit, type Versions } from './split.ts';
import { createWitness, type Witness } from './witness/witness.ts';

export interface DirectoryDeps {
  /** Headers that replicas of a deployment want with every request: credentials of external endpoints. */
  headersOf(deployment: Deployment): readonly string[];
  /** What its replicas can be asked; everything when absent. */
  servingOf?(deployment: Deployment): Serving;
  /** The machine a replica runs on, by a name under which its speed is remembered; all the same when absent. */
  hardwareOf?(replica: Replica): string;
  /** Requests that replicas of a deployment take together, to be run as one; undefined where they do not. */
  batchSizeMaxOf?(deployment: Deployment): number | undefined;
  /** Where others write to the store too: resolves when everything they have written by now was applied here. */
  catchUp?: CatchUp | undefined;
}

export type CatchUp = () => Promise<void>;

/**
 * Where requests can go: a view of the store's Models, Deployments, Replicas and Releases, kept by its watch.
 * The request path reads this and never the store; when the store is away, it serves on from what it last knew.
 */
export interface Directory {
  apply(event: WatchEvent): void;
  /** By deployment, else by alias, by model name or by `model@version`: as the tenant means it, where one asks. */
  resolve(model: string, tenant?: string): Route | undefined;
  /** The same, and where it is not known, once everything that others have written is: before anybody is told so. */
  find(model: string, tenant?: string): Promise<Route | undefined>;
  /** What clients may call them besides. */
  readonly names: Pick<Names, 'meant' | 'known'>;
  /** By its key: also the route of a candidate, which no name leads to. */
  at(key: string): Route | undefined;
  /** Ordered by name. */
  routes(): readonly Route[];
  readonly curves: Curves;
  readonly shares: Shares;
  /** What versions that are compared have done. */
  readonly evidence: EvidenceBook;
  /** Who gave the last answers. */
  readonly answered: AnsweredBook;
  /** Reads again what the endpoints of a route want as credentials: their file may hold another key by now. */
  renewKeys(key: string): void;
  /** Hears the key of each route that changed or went away. */
  onChange(listener: (key: string) => void): void;
}

interface View {
  readonly deployments: Map<string, Deployment>;
  readonly models: Map<string, Model>;
  /** By deployment, then by name. */
  readonly replicas: Map<string, Map<string, Replica>>;
  /** Those that divide requests, by deployment. */
  readonly releases: Map<string, Release>;
  readonly routes: Map<string, Route>;
  /** Of candidates, by their keys. */
  readonly candidates: Map<string, Route>;
  /** Model names and `model@version` labels to the first deployment that serves them. */
  readonly labels: Map<string, string>;
  readonly names: Names;
  readonly curves: Curves;
  readonly shares: Shares;
  readonly evidence: EvidenceBook;
  readonly answered: AnsweredBook;
}

function byName({ routes }: View): Route[] {
  return [...routes.values()].toSorted((a, b) => (a.deployment < b.deployment ? -1 : 1));
}

function rememberLabels(view: View): void {
  view.labels.clear();
  for (const { key, model, label } of [...byName(view), ...view.candidates.values()])
    for (const name of [model, label]) if (!view.labels.has(name)) view.labels.set(name, key);
}

function keep<T extends Resource>(map: Map<string, T>, event: WatchEvent, resource: T): void {
  if (event.type === 'deleted') map.delete(resource.metadata.name);
  else map.set(resource.metadata.name, resource);
}

function keepReplica(view: View, event: WatchEvent, replica: Replica): void {
  const { deployment } = replica.spec;
  const siblings = view.replicas.get(deployment) ?? new Map<string, Replica>();
  keep(siblings, event, replica);
  if (siblings.size === 0) view.replicas.delete(deployment);
  else view.replicas.set(deployment, siblings);
}

/** A release is of interest while it divides requests. */
function keepRelease({ releases, evidence }: View, event: WatchEvent, release: Release): void {
  const { deployment } = release.spec;
  if (event.type === 'put' && release.status?.split !== undefined) {
    releases.set(deployment, release);
    return;
  }
  if (releases.get(deployment)?.metadata.name !== release.metadata.name) return;
  releases.delete(deployment);
  evidence.forget(deployment);
}

function keepCurves(curves: Curves, event: WatchEvent, version: ModelVersion): void {
  if (event.type === 'deleted') curves.forget(version.metadata.name);
  else curves.restore(version);
}

/** Takes the change in and tells which deployments it concerns. */
function take(view: View, event: WatchEvent): readonly string[] {
  const { resource } = event;
  view.shares.apply(event);
  view.names.apply(event);
  if (resource.kind === 'Deployment') {
    keep(view.deployments, event, resource);
    return [resource.metadata.name];
  }
  if (resource.kind === 'Replica') {
    keepReplica(view, event, resource);
    return [resource.spec.deployment];
  }
  if (resource.kind === 'Release') {
    keepRelease(view, event, resource);
    return [resource.spec.deployment];
  }
  if (resource.kind === 'ModelVersion') keepCurves(view.curves, event, resource);
  if (resource.kind === 'Model') {
    keep(view.models, event, resource);
    const affected = [...view.deployments.values()].filter(
      (one) => one.spec.model === resource.metadata.name,
    );
    return affected.map((one) => one.metadata.name);
  }
  return [];
}

function partsFor(
  view: View,
  deps: DirectoryDeps,
  deployment: Deployment,
): Omit<RouteParts, 'key' | 'replicas' | 'split'> {
  const { name } = deployment.metadata;
  const known = [view.routes.get(name), view.candidates.get(candidateKey(name))];
  const release = view.releases.get(name);
  // Of a shadow, whoever compares the answers notes both.
  const isWitnessed = release !== undefined && release.spec.strategy !== 'shadow';
  return {
    deployment,
    task: view.models.get(deployment.spec.model)?.spec.task ?? 'chat',
    headers: deps.headersOf(deployment),
    serving: deps.servingOf?.(deployment) ?? servesAll,
    curveOf: (replica) => view.curves.of(replica),
    witnessOf: (replica) =>
      isWitnessed
        ? createWitness(release, deployment, view.evidence.of(name, templateOf(replica)))
        : undefined,
    answererOf: (replica) =>
      view.answered.numberOf({
        deployment: name,
        model: modelVersionLabel(replica.spec),
        template: templateOf(replica),
      }),
    batchSizeMax: deps.batchSizeMaxOf?.(deployment),
    before: known.flatMap((route) => route?.slots ?? []),
  };
}

/** Of a shadow: how its requests are copied, and where both answers are noted. */
function shadowOf(
  view: View,
  deployment: Deployment,
  candidate: NonNullable<Versions['candidate']>,
): ShadowSplit | undefined {
  const { name } = deployment.metadata;
  const release = view.releases.get(name);
  const split = release?.status?.split;
  if (split === undefined || release === undefined || candidate.copied === 0) return undefined;
  const witness = (of: Deployment, template: string): Witness =>
    createWitness(release, of, view.evidence.of(name, template));
  return {
    copied: candidate.copied,
    concurrencyMax: release.spec.shadow.concurrencyMax,
    stable: witness(deployment, split.stable),
    candidate: witness(candidate.deployment, split.candidate),
  };
}

/** The route of a deployment, and that of a candidate beside it while a release runs. */
function build(view: View, deps: DirectoryDeps, deployment: Deployment): void {
  const { name } = deployment.metadata;
  const replicas = [...(view.replicas.get(name)?.values() ?? [])];
  const { own, candidate } = versionsOf(deployment, replicas, view.releases.get(name));
  // Both from what there was before either changed: a slot that goes over from one to the other stays the same.
  const parts = partsFor(view, deps, own.deployment);
  const key = candidateKey(name);
  if (candidate === undefined) view.candidates.delete(key);
  else {
    const its = partsFor(view, deps, candidate.deployment);
    view.candidates.set(key, buildRoute({ ...its, key, replicas: candidate.replicas, split: undefined }));
  }
  const split = candidate && { ...candidate.split, shadow: shadowOf(view, deployment, candidate) };
  view.routes.set(name, buildRoute({ ...parts, key: name, replicas: own.replicas, split }));
}

/** Reads what belongs to a route again, where it is written down elsewhere. */
function renew(view: View, deps: DirectoryDeps, route: Route | undefined): void {
  const deployment = route && view.deployments.get(route.deployment);
  if (deployment !== undefined) build(view, deps, deployment);
}

function createView(deps: DirectoryDeps): View {
  return {
    deployments: new Map(),
    models: new Map(),
    replicas: new Map(),
    releases: new Map(),
    routes: new Map(),
    candidates: new Map(),
    labels: new Map(),
    names: createNames(),
    curves: createCurves((replica) => deps.hardwareOf?.(replica) ?? 'local'),
    shares: createShares(),
    evidence: createEvidenceBook(),
    answered: createAnsweredBook(),
  };
}

function routeAt({ routes, candidates }: View, key: string): Route | undefined {
  return routes.get(key) ?? candidates.get(key);
}

function routeOf(view: View, name: string): Route | undefined {
  const { routes, names, labels } = view;
  return (
    routes.get(name) ?? routes.get(names.deploymentOf(name) ?? '') ?? routeAt(view, labels.get(name) ?? '')
  );
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const view = createView(deps);
  const listeners: ((key: string) => void)[] = [];

  function refresh(name: string): void {
    const deployment = view.deployments.get(name);
    const key = candidateKey(name);
    const hadCandidate = view.candidates.has(key);
    if (deployment !== undefined) build(view, deps, deployment);
    else {
      view.routes.delete(name);
      view.candidates.delete(key);
    }
    rememberLabels(view);
    for (const listener of listeners) {
      listener(name);
      if (hadCandidate) listener(key);
    }
  }

  const at = (key: string): Route | undefined => routeAt(view, key);
  const resolve: Directory['resolve'] = (model, tenant) => routeOf(view, view.names.meant(model, tenant));
  return {
    curves: view.curves,
    shares: view.shares,
    evidence: view.evidence,
    names: view.names,
    answered: view.answered,
    apply(event) {
      for (const name of take(view, event)) refresh(name);
    },
    resolve,
    async find(model, tenant) {
      const route = resolve(model, tenant);
      if (route !== undefined || deps.catchUp === undefined) return route;
      await deps.catchUp();
      return resolve(model, tenant);
    },
    at,
    renewKeys: (key) => {
      renew(view, deps, at(key));
    },
    routes: () => byName(view),
    onChange(listener) {
      listeners.push(listener);
    },
  };
}
