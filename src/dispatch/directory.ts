import type { Deployment, Model, ModelVersion, Replica, Resource } from '#schema';
import type { WatchEvent } from '#contracts';
import { createCurves, type Curves } from './curves.ts';
import { buildRoute, servesAll, type Route, type Serving } from './route.ts';
import { createShares, type Shares } from './shares.ts';

export interface DirectoryDeps {
  /** Headers that replicas of a deployment want with every request: credentials of external endpoints. */
  headersOf(deployment: Deployment): readonly string[];
  /** What its replicas can be asked; everything when absent. */
  servingOf?(deployment: Deployment): Serving;
  /** The machine a replica runs on, by a name under which its speed is remembered; all the same when absent. */
  hardwareOf?(replica: Replica): string;
  /** Requests that replicas of a deployment take together, to be run as one; undefined where they do not. */
  batchSizeMaxOf?(deployment: Deployment): number | undefined;
}

/**
 * Where requests can go: a view of the store's Models, Deployments and Replicas, kept by its watch.
 * The request path reads this and never the store; when the store is away, it serves on from what it last knew.
 */
export interface Directory {
  apply(event: WatchEvent): void;
  /** By deployment, else by model name, else by `model@version`. */
  resolve(model: string): Route | undefined;
  /** Ordered by name. */
  routes(): readonly Route[];
  readonly curves: Curves;
  readonly shares: Shares;
  /** Hears the name of each deployment whose route changed or went away. */
  onChange(listener: (deployment: string) => void): void;
}

interface View {
  readonly deployments: Map<string, Deployment>;
  readonly models: Map<string, Model>;
  /** By deployment, then by name. */
  readonly replicas: Map<string, Map<string, Replica>>;
  readonly routes: Map<string, Route>;
  /** Model names and `model@version` labels to the first deployment that serves them. */
  readonly aliases: Map<string, string>;
  readonly curves: Curves;
  readonly shares: Shares;
}

function rememberAliases(view: View): void {
  view.aliases.clear();
  for (const name of [...view.routes.keys()].toSorted()) {
    const route = view.routes.get(name);
    if (route === undefined) continue;
    for (const alias of [route.model, route.label])
      if (!view.aliases.has(alias)) view.aliases.set(alias, name);
  }
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

function keepCurves(curves: Curves, event: WatchEvent, version: ModelVersion): void {
  if (event.type === 'deleted') curves.forget(version.metadata.name);
  else curves.restore(version);
}

/** Takes the change in and tells which deployments it concerns. */
function take(view: View, event: WatchEvent): readonly string[] {
  const { resource } = event;
  view.shares.apply(event);
  if (resource.kind === 'Deployment') {
    keep(view.deployments, event, resource);
    return [resource.metadata.name];
  }
  if (resource.kind === 'Replica') {
    keepReplica(view, event, resource);
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

export function createDirectory(deps: DirectoryDeps): Directory {
  const view: View = {
    deployments: new Map(),
    models: new Map(),
    replicas: new Map(),
    routes: new Map(),
    aliases: new Map(),
    curves: createCurves((replica) => deps.hardwareOf?.(replica) ?? 'local'),
    shares: createShares(),
  };
  const listeners: ((deployment: string) => void)[] = [];

  function refresh(name: string): void {
    const deployment = view.deployments.get(name);
    if (deployment === undefined) view.routes.delete(name);
    else {
      const route = buildRoute({
        deployment,
        task: view.models.get(deployment.spec.model)?.spec.task ?? 'chat',
        replicas: [...(view.replicas.get(name)?.values() ?? [])],
        headers: deps.headersOf(deployment),
        serving: deps.servingOf?.(deployment) ?? servesAll,
        curveOf: (replica) => view.curves.of(replica),
        batchSizeMax: deps.batchSizeMaxOf?.(deployment),
        before: view.routes.get(name),
      });
      view.routes.set(name, route);
    }
    rememberAliases(view);
    for (const listener of listeners) listener(name);
  }

  return {
    curves: view.curves,
    shares: view.shares,
    apply(event) {
      for (const name of take(view, event)) refresh(name);
    },
    resolve(model) {
      return view.routes.get(model) ?? view.routes.get(view.aliases.get(model) ?? '');
    },
    routes: () => [...view.routes.values()].toSorted((a, b) => (a.deployment < b.deployment ? -1 : 1)),
    onChange(listener) {
      listeners.push(listener);
    },
  };
}
