import type { Result } from '#contracts';
import { missingScope, readJson, sendJson, type Exchange } from '../http/exchange.ts';
import { didYouMean, problem, type Problem } from '#schema';
import { actorOf, parseDryRun } from './asking.ts';
import type { Changes, Outcomes } from './changes.ts';
import { guardCredentials } from './credential-guard.ts';
import type { AdminDeps } from './deps.ts';
import { isRecord, type JsonObject } from './json.ts';
import { parseKind, parseResource } from './parse-resource.ts';
import type { Wanted } from './prepare.ts';
import type { Route } from '../http/router.ts';

const resourcesMax = 1000;
const fields = ['resources', 'dryRun', 'reason'] as const;

interface ApplyBody {
  readonly resources: readonly unknown[];
  readonly dryRun: boolean;
  readonly reason: string | undefined;
}

function refused(message: string, param: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problem('invalid_request', message, { param }) };
}

function parseBody(body: unknown): Result<ApplyBody> {
  if (!isRecord(body)) return refused('The body must be {"resources": […]}.', 'resources');
  const stray = Object.keys(body).find((name) => !fields.some((field) => field === name));
  if (stray !== undefined)
    return refused(`"${stray}" is not a known field.${didYouMean(stray, fields)}`, stray);
  const { resources, dryRun = false, reason } = body;
  if (!Array.isArray(resources)) return refused('"resources" must be a list of resources.', 'resources');
  if (resources.length > resourcesMax)
    return refused(`"resources" may hold at most ${resourcesMax}.`, 'resources');
  if (typeof dryRun !== 'boolean') return refused('"dryRun" must be true or false.', 'dryRun');
  if (reason !== undefined && typeof reason !== 'string')
    return refused('"reason" must be a text.', 'reason');
  return { ok: true, value: { resources, dryRun, reason } };
}

/** Names the resource of the list that a refusal is about. */
function within(cause: Problem, at: number): Problem {
  const under = `resources[${at}]`;
  return { ...cause, param: cause.param ? `${under}.${cause.param}` : under };
}

function parseWanted(input: unknown): Result<Wanted> {
  if (!isRecord(input)) return refused('A resource must be a JSON object.', '');
  const kind = parseKind(input['kind'], 'kind');
  if (!kind.ok) return kind;
  const parsed = parseResource(kind.value, input);
  if (!parsed.ok) return parsed;
  return { ok: true, value: { kind: kind.value, name: parsed.value.metadata.name, make: () => parsed } };
}

function parseAll(resources: readonly unknown[]): Result<readonly Wanted[]> {
  const wanted: Wanted[] = [];
  const seen = new Set<string>();
  for (const [at, input] of resources.entries()) {
    const one = parseWanted(input);
    if (!one.ok) return { ok: false, problem: within(one.problem, at) };
    const { kind, name } = one.value;
    if (seen.has(`${kind}/${name}`))
      return { ok: false, problem: within(problem('invalid_request', `${kind} "${name}" comes twice.`), at) };
    seen.add(`${kind}/${name}`);
    wanted.push(one.value);
  }
  return { ok: true, value: wanted };
}

function answer(done: Extract<Outcomes, { readonly ok: true }>): JsonObject {
  const results = done.outcomes.map(({ action, resource }) => ({
    kind: resource.kind,
    name: resource.metadata.name,
    action,
  }));
  const secrets = done.outcomes.flatMap(({ resource, secret }) =>
    secret === undefined ? [] : [[resource.metadata.name, secret] as const],
  );
  return { results, ...(secrets.length > 0 && { secrets: Object.fromEntries(secrets) }) };
}

async function apply(deps: AdminDeps, changes: Changes, exchange: Exchange): Promise<Problem | undefined> {
  const read = await readJson(exchange.request, deps.bodyLimitBytes);
  if (!read.ok) return read.problem;
  const body = parseBody(read.value);
  if (!body.ok) return body.problem;
  const asked = parseDryRun(exchange.query);
  if (!asked.ok) return asked.problem;
  const actor = actorOf(exchange, body.value.reason);
  if (!actor.ok) return actor.problem;
  const wanted = parseAll(body.value.resources);
  if (!wanted.ok) return wanted.problem;
  if (wanted.value.some(({ kind }) => kind === 'Key' || kind === 'Tenant')) {
    const forbidden = missingScope(exchange.identity, 'admin');
    if (forbidden) return forbidden;
  }
  const guarded = guardCredentials(exchange.identity, wanted.value);
  const done = await changes.put(guarded, actor.value, body.value.dryRun || asked.value);
  if (!done.ok) return within(done.problem, done.at);
  sendJson(exchange.response, 200, answer(done));
  return undefined;
}

/** `POST /api/v1/apply`: many resources, all or nothing. */
export function applyRoutes(deps: AdminDeps, changes: Changes): readonly Route[] {
  return [
    {
      method: 'POST',
      pattern: '/api/v1/apply',
      scope: 'write',
      handle: (exchange) => apply(deps, changes, exchange),
    },
  ];
}
