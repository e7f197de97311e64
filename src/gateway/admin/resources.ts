import type { Actor, Result } from '#contracts';
import { apiVersion, kinds, problem, type Problem, type Resource, type ResourceKind } from '#schema';
import { readJson, sendJson, type Exchange } from '../http/exchange.ts';
import { actorOf, expectedVersionOf, kindInPath, kindRefused, parseDryRun } from './asking.ts';
import type { Changes, Outcome } from './changes.ts';
import { guardCredentials } from './credential-guard.ts';
import type { AdminDeps } from './deps.ts';
import { isRecord, type JsonObject } from './json.ts';
import { matchesLabels, parseLabelSelector } from './label-selector.ts';
import { mergePatch } from './merge-patch.ts';
import { addressed, parseResource } from './parse-resource.ts';
import type { Wanted } from './prepare.ts';
import type { Handler, PathParams, Route } from '../http/router.ts';
import { redacted } from './secrets.ts';
import { createWatcher } from './watch.ts';

type Verb = (exchange: Exchange, kind: ResourceKind, name: string) => Promise<Problem | undefined>;

/** Resolves the kind in the address and asks for the scope that the kind needs. */
function forKind(verb: Verb): Handler {
  return async (exchange: Exchange, params: PathParams) => {
    const kind = kindInPath(params['plural'] ?? '');
    if (!kind.ok) return kind.problem;
    return kindRefused(exchange, kind.value) ?? (await verb(exchange, kind.value, params['name'] ?? ''));
  };
}

function etag(resource: Resource): string {
  return `"${resource.metadata.resourceVersion ?? ''}"`;
}

function sendOutcome(exchange: Exchange, { action, resource, secret }: Outcome): void {
  const { response } = exchange;
  response.setHeader('etag', etag(resource));
  const { plural } = kinds[resource.kind];
  if (action === 'created') response.setHeader('location', `/api/v1/${plural}/${resource.metadata.name}`);
  sendJson(response, action === 'created' ? 201 : 200, {
    ...resource,
    ...(secret !== undefined && { secret }),
  });
}

/** What a patch is applied to: all that people may change, and nothing that the platform sets. */
function patchable(stored: Resource): JsonObject {
  const { apiVersion: version, kind, metadata, spec } = redacted(stored);
  const { name, labels, annotations } = metadata;
  return {
    apiVersion: version,
    kind,
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec,
  };
}

function patched(kind: ResourceKind, name: string, patch: JsonObject): Wanted['make'] {
  return (stored) => {
    if (stored === undefined)
      return { ok: false, problem: problem('not_found', `There is no ${kind} "${name}".`) };
    const whole = addressed(mergePatch(patchable(stored), patch), kind, name);
    return whole.ok ? parseResource(kind, whole.value) : whole;
  };
}

function replaced(kind: ResourceKind, body: JsonObject): Wanted['make'] {
  const parsed: Result<Resource> = parseResource(kind, body);
  return () => parsed;
}

async function listResources(
  deps: AdminDeps,
  exchange: Exchange,
  kind: ResourceKind,
): Promise<Problem | undefined> {
  const selector = parseLabelSelector(exchange.query.get('labelSelector'));
  if (!selector.ok) return selector.problem;
  // The version is read first, so that a watch from it misses nothing.
  const resourceVersion = await deps.store.version();
  const resources = await deps.store.list(kind);
  const items = resources.filter((one) => matchesLabels(selector.value, one)).map(redacted);
  sendJson(exchange.response, 200, { apiVersion, kind: `${kind}List`, metadata: { resourceVersion }, items });
  return undefined;
}

async function getResource(
  deps: AdminDeps,
  exchange: Exchange,
  target: { readonly kind: ResourceKind; readonly name: string },
): Promise<Problem | undefined> {
  const found = await deps.store.get(target.kind, target.name);
  if (found === undefined) return problem('not_found', `There is no ${target.kind} "${target.name}".`);
  exchange.response.setHeader('etag', etag(found));
  sendJson(exchange.response, 200, redacted(found));
  return undefined;
}

interface Asked {
  readonly body: JsonObject;
  readonly actor: Actor;
  readonly dryRun: boolean;
}

async function readChange(deps: AdminDeps, exchange: Exchange): Promise<Result<Asked>> {
  const actor = actorOf(exchange);
  if (!actor.ok) return actor;
  const dryRun = parseDryRun(exchange.query);
  if (!dryRun.ok) return dryRun;
  const body = await readJson(exchange.request, deps.bodyLimitBytes);
  if (!body.ok) return body;
  return isRecord(body.value)
    ? { ok: true, value: { body: body.value, actor: actor.value, dryRun: dryRun.value } }
    : { ok: false, problem: problem('invalid_request', 'The body must be a JSON object.') };
}

function changing(deps: AdminDeps, changes: Changes, how: 'replace' | 'merge'): Verb {
  return async (exchange, kind, name) => {
    const asked = await readChange(deps, exchange);
    if (!asked.ok) return asked.problem;
    const body = addressed(asked.value.body, kind, name);
    if (!body.ok) return body.problem;
    const make = how === 'replace' ? replaced(kind, body.value) : patched(kind, name, asked.value.body);
    const wanted: Wanted = { kind, name, expectedVersion: expectedVersionOf(exchange), make };
    const guarded = guardCredentials(exchange.identity, [wanted]);
    const done = await changes.put(guarded, asked.value.actor, asked.value.dryRun);
    if (!done.ok) return done.problem;
    for (const outcome of done.outcomes) sendOutcome(exchange, outcome);
    return undefined;
  };
}

function deleting(changes: Changes): Verb {
  return async (exchange, kind, name) => {
    const actor = actorOf(exchange);
    if (!actor.ok) return actor.problem;
    const dryRun = parseDryRun(exchange.query);
    if (!dryRun.ok) return dryRun.problem;
    const expectedVersion = expectedVersionOf(exchange);
    const done = await changes.remove({ kind, name, expectedVersion }, actor.value, dryRun.value);
    if (!done.ok) return done.problem;
    sendJson(exchange.response, 200, done.value);
    return undefined;
  };
}

/** Reading, watching and changing resources of every kind. */
export function resourceRoutes(deps: AdminDeps, changes: Changes): readonly Route[] {
  const one = '/api/v1/:plural/:name';
  const watch = createWatcher(deps);
  const listOrWatch: Verb = (exchange, kind) =>
    ['1', 'true'].includes(exchange.query.get('watch') ?? '')
      ? watch(exchange, kind)
      : listResources(deps, exchange, kind);
  const get: Verb = (exchange, kind, name) => getResource(deps, exchange, { kind, name });
  return [
    { method: 'GET', pattern: '/api/v1/:plural', scope: 'read', handle: forKind(listOrWatch) },
    { method: 'GET', pattern: one, scope: 'read', handle: forKind(get) },
    { method: 'PUT', pattern: one, scope: 'write', handle: forKind(changing(deps, changes, 'replace')) },
    { method: 'PATCH', pattern: one, scope: 'write', handle: forKind(changing(deps, changes, 'merge')) },
    { method: 'DELETE', pattern: one, scope: 'write', handle: forKind(deleting(changes)) },
  ];
}
