import type { Result } from '#contracts';
import {
  replicasWanted,
  didYouMean,
  kindNamed,
  kindNames,
  kinds,
  momentOf,
  problem,
  replicaBoundsOf,
  wantedReplicasOf,
  type Deployment,
  type Problem,
  type Replica,
  type ResourceKind,
} from '#schema';
import { sendJson, type Exchange } from '../http/exchange.ts';
import { wholeNumber } from './asking.ts';
import type { AdminDeps } from './deps.ts';
import { openapi } from './openapi.gen.ts';
import { membersOf } from './members.ts';
import type { Route } from '../http/router.ts';
import { redactedEntry } from './secrets.ts';
import { createView } from './view.ts';

function parseTime(query: URLSearchParams, name: string): Result<number | undefined> {
  const text = query.get(name);
  if (text === null) return { ok: true, value: undefined };
  const value = momentOf(text);
  if (value !== undefined) return { ok: true, value };
  const message = `"${name}" must be a time such as 2026-11-20T12:00:00Z, not "${text}".`;
  return { ok: false, problem: problem('invalid_request', message, { param: name }) };
}

function parseKindFilter(query: URLSearchParams): Result<ResourceKind | undefined> {
  const word = query.get('kind');
  const kind = word === null ? undefined : kindNamed(word);
  if (word === null || kind !== undefined) return { ok: true, value: kind };
  const message = `There is no kind "${word}".${didYouMean(word, kindNames)}`;
  return { ok: false, problem: problem('invalid_request', message, { param: 'kind' }) };
}

async function audit(deps: AdminDeps, exchange: Exchange): Promise<Problem | undefined> {
  const { query } = exchange;
  const limit = wholeNumber(query, 'limit', { min: 1, max: 1000, fallback: 100 });
  if (!limit.ok) return limit.problem;
  const kind = parseKindFilter(query);
  if (!kind.ok) return kind.problem;
  const from = parseTime(query, 'from');
  if (!from.ok) return from.problem;
  const until = parseTime(query, 'until');
  if (!until.ok) return until.problem;
  const name = query.get('name') ?? undefined;
  const asked = { kind: kind.value, name, fromMs: from.value, untilMs: until.value, limit: limit.value };
  const entries = await deps.store.audit(asked);
  sendJson(exchange.response, 200, { entries: entries.map(redactedEntry) });
  return undefined;
}

async function logs(deps: AdminDeps, exchange: Exchange, replica: string): Promise<Problem | undefined> {
  const lines = wholeNumber(exchange.query, 'lines', { min: 1, max: 10_000, fallback: 200 });
  if (!lines.ok) return lines.problem;
  const known = (await deps.store.get('Replica', replica)) !== undefined;
  const written = await deps.replicaLogs(replica, lines.value);
  // The last words of a replica that is gone are worth having, so only what nobody knows is not found.
  if (!known && written.length === 0) return problem('not_found', `There is no replica "${replica}".`);
  sendJson(exchange.response, 200, { replica, lines: written });
  return undefined;
}

/** What a deployment has to do, as flat figures: KEDA's `metrics-api` and scripts read them by name. */
async function load(deps: AdminDeps, exchange: Exchange, name: string): Promise<Problem | undefined> {
  const deployment = await createView(deps.store).get('Deployment', name);
  const standing = deps.standings.of(name);
  if (deployment === undefined || standing === undefined)
    return problem('not_found', `There is no deployment "${name}".`);
  const { min, max } = replicaBoundsOf(deployment.spec);
  sendJson(exchange.response, 200, { ...standing, min, max });
  return undefined;
}

/** One word for how a deployment does. */
function stateOf({
  spec,
  status,
}: Deployment): 'pending' | 'stopped' | 'ready' | 'degraded' | 'failing' | 'loading' {
  if (status === undefined) return 'pending';
  if (replicasWanted(spec) === 0 && status.replicas === 0) return 'stopped';
  if (status.readyReplicas >= replicasWanted(spec)) return 'ready';
  if (status.readyReplicas > 0) return 'degraded';
  return status.restarts > 0 ? 'failing' : 'loading';
}

function replicaInShort({ metadata, status }: Replica): object {
  return {
    name: metadata.name,
    state: status?.state ?? 'starting',
    loadedFraction: status?.loadedFraction,
    remainingMs: status?.remainingMs,
    message: status?.message,
  };
}

async function overview(deps: AdminDeps, exchange: Exchange): Promise<undefined> {
  const { store, clock, info } = deps;
  const view = createView(store);
  const counts = Object.fromEntries(
    await Promise.all(
      kindNames.map(async (kind) => [kinds[kind].plural, (await store.list(kind)).length] as const),
    ),
  );
  const replicas = await view.list('Replica');
  const deployments = (await view.list('Deployment')).map((deployment) => ({
    name: deployment.metadata.name,
    model: deployment.spec.model,
    version: deployment.spec.version,
    engine: deployment.spec.engine.name,
    state: stateOf(deployment),
    wantedReplicas: wantedReplicasOf(deployment),
    readyReplicas: deployment.status?.readyReplicas ?? 0,
    message: deployment.status?.message,
    replicas: replicas.filter((one) => one.spec.deployment === deployment.metadata.name).map(replicaInShort),
  }));
  sendJson(exchange.response, 200, {
    version: info.version,
    startedAt: new Date(info.startedAtMs).toISOString(),
    uptimeMs: Math.max(0, Math.round(clock.nowMs() - info.startedAtMs)),
    resourceVersion: await store.version(),
    engines: [...deps.engines.keys()],
    counts,
    members: await membersOf(store),
    deployments,
  });
  return undefined;
}

function description(exchange: Exchange): Promise<undefined> {
  sendJson(exchange.response, 200, openapi);
  return Promise.resolve(undefined);
}

/** What can be learned about the platform besides its resources. */
export function insightRoutes(deps: AdminDeps): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/api/v1/openapi.json',
      scope: undefined,
      handle: description,
    },
    {
      method: 'GET',
      pattern: '/api/v1/status',
      scope: 'read',
      handle: (exchange) => overview(deps, exchange),
    },
    {
      method: 'GET',
      pattern: '/api/v1/audit',
      scope: 'admin',
      handle: (exchange) => audit(deps, exchange),
    },
    {
      method: 'GET',
      pattern: '/api/v1/deployments/:name/load',
      scope: 'read',
      handle: (exchange, params) => load(deps, exchange, params['name'] ?? ''),
    },
    {
      method: 'GET',
      pattern: '/api/v1/replicas/:name/logs',
      scope: 'read',
      handle: (exchange, params) => logs(deps, exchange, params['name'] ?? ''),
    },
  ];
}
