import type { IncomingMessage } from 'node:http';
import { type Config, momentOf, ProblemError, problem, taskStates, type Task, type TaskState } from '#schema';
import type { TaskQuery } from '#contracts';
import { createIds } from '#dispatch';
import { wholeNumber } from '../admin/asking.ts';
import type { PathParams, Route } from '../http/router.ts';
import { batchRoutes } from '../batches/index.ts';
import { fileRoutes } from '../files/index.ts';
import { sendJson, type Exchange } from '../http/exchange.ts';
import { serveTable } from '../http/table.ts';
import { createAdmit } from './admit.ts';
import { cursorIn } from './cursor.ts';
import type { TasksDeps } from './deps.ts';
import { tellEvents } from './events.ts';
import { canBeTask, createDeferral, wantsTask } from './prefer.ts';
import { sendResult } from './result.ts';
import { createReceive, maySee } from './submit.ts';
import { viewOf } from './view.ts';

export type { TasksDeps } from './deps.ts';
export { wantsTask } from './prefer.ts';

type Serve = (exchange: Exchange) => Promise<void>;

export interface Tasks {
  /** Everything at and below `/v1/tasks`, `/v1/files` and `/v1/batches`, and request endpoints that were asked with `Prefer: respond-async`. */
  routeOf(path: string, request: IncomingMessage): Serve | undefined;
}

function stateIn(query: URLSearchParams): TaskState | undefined {
  const asked = query.get('status');
  if (asked === null) return undefined;
  const state = taskStates.find((one) => one === asked);
  if (state) return state;
  const message = `"status" must be one of ${taskStates.join(', ')}.`;
  throw new ProblemError(problem('invalid_request', message, { param: 'status' }));
}

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const ms = momentOf(text);
  if (ms !== undefined) return ms;
  throw new ProblemError(problem('invalid_request', `"${name}" must be a time (RFC 3339).`, { param: name }));
}

/** Whose tasks: one's own, or for an administrator those of everybody, or of the tenant that is named. */
function tenantFor({ identity, query }: Exchange): string | undefined {
  return identity.scopes.has('admin') ? (query.get('tenant') ?? undefined) : identity.tenant;
}

function queryOf(exchange: Exchange): TaskQuery {
  const { query } = exchange;
  const limit = wholeNumber(query, 'limit', { min: 1, max: 1000, fallback: 100 });
  if (!limit.ok) throw new ProblemError(limit.problem);
  return {
    lane: 'request',
    tenant: tenantFor(exchange),
    state: stateIn(query),
    model: query.get('model') ?? undefined,
    fromMs: timeIn(query, 'from'),
    untilMs: timeIn(query, 'until'),
    before: cursorIn(query, 'task_'),
    limit: limit.value,
  };
}

/** The things that can be done with tasks. */
function createDesk(deps: TasksDeps) {
  const { queue, clock } = deps;
  async function find({ identity }: Exchange, { id = '' }: PathParams): Promise<Task> {
    const [task] = await queue.get([id]);
    if (task !== undefined && maySee(identity, task)) return task;
    throw new ProblemError(problem('not_found', `There is no task "${id}".`));
  }
  async function steer(
    exchange: Exchange,
    params: PathParams,
    event: 'cancelled' | 'replayed',
  ): Promise<undefined> {
    const task = await find(exchange, params);
    if (event === 'replayed' && task.state === 'succeeded') throw new ProblemError(problem('task_succeeded'));
    const now = await queue.steer(task.id, event);
    sendJson(exchange.response, 200, viewOf(now ?? task, clock.nowMs()));
    return undefined;
  }
  return {
    find,
    steer,
    async show(exchange: Exchange, params: PathParams): Promise<undefined> {
      sendJson(exchange.response, 200, viewOf(await find(exchange, params), clock.nowMs()));
      return undefined;
    },
    async list(exchange: Exchange): Promise<undefined> {
      const query = queryOf(exchange);
      const found = await queue.list({ ...query, limit: query.limit + 1 });
      const data = found.slice(0, query.limit).map((task) => viewOf(task, clock.nowMs()));
      const more = found.length > query.limit;
      sendJson(exchange.response, 200, {
        object: 'list',
        data,
        has_more: more,
        last_id: data.at(-1)?.task_id,
      });
      return undefined;
    },
    async count(exchange: Exchange): Promise<undefined> {
      const tenant = tenantFor(exchange);
      const counts = (await queue.counts())
        .filter((one) => one.lane === 'request' && (tenant === undefined || one.tenant === tenant))
        .map(({ tenant: whose, model, state, count }) => ({ tenant: whose, model, status: state, count }));
      sendJson(exchange.response, 200, { object: 'list', data: counts });
      return undefined;
    },
  };
}

type Desk = ReturnType<typeof createDesk>;

const scope = 'infer';
const one = '/v1/tasks/:id';

/** What concerns tasks in general. */
function generalRoutes(
  deps: TasksDeps,
  desk: Desk,
  receive: ReturnType<typeof createReceive>,
): readonly Route[] {
  const { clock, webhookSecretOf } = deps;
  return [
    {
      method: 'POST',
      pattern: '/v1/tasks',
      scope,
      async handle(exchange) {
        const { submitted, single } = await receive(exchange);
        const views = submitted.map(({ task }) => viewOf(task, clock.nowMs()));
        if (single && views[0]) exchange.response.setHeader('location', views[0].urls.self);
        sendJson(exchange.response, 202, single ? views[0] : { object: 'list', data: views });
        return undefined;
      },
    },
    { method: 'GET', pattern: '/v1/tasks', scope, handle: (exchange) => desk.list(exchange) },
    { method: 'GET', pattern: '/v1/tasks/counts', scope, handle: (exchange) => desk.count(exchange) },
    {
      method: 'GET',
      pattern: '/v1/tasks/webhook-secret',
      scope,
      async handle({ response, identity }) {
        sendJson(response, 200, { secret: webhookSecretOf(identity.tenant) });
        return Promise.resolve(undefined);
      },
    },
  ];
}

/** What concerns one task. */
function taskRoutes(deps: TasksDeps, desk: Desk): readonly Route[] {
  return [
    { method: 'GET', pattern: one, scope, handle: (exchange, params) => desk.show(exchange, params) },
    {
      method: 'DELETE',
      pattern: one,
      scope,
      handle: (exchange, params) => desk.steer(exchange, params, 'cancelled'),
    },
    {
      method: 'POST',
      pattern: `${one}/replay`,
      scope,
      handle: (exchange, params) => desk.steer(exchange, params, 'replayed'),
    },
    {
      method: 'GET',
      pattern: `${one}/events`,
      scope,
      async handle(exchange, params) {
        tellEvents(deps, exchange, await desk.find(exchange, params));
        return undefined;
      },
    },
    {
      method: 'GET',
      pattern: `${one}/result`,
      scope,
      handle: async (exchange, params) => sendResult(deps, exchange, await desk.find(exchange, params)),
    },
  ];
}

interface TaskDoorsDeps extends TasksDeps {
  readonly files: Config['files'];
}

/** Durable tasks over HTTP, and what people keep for them. */
export function createTasks(deps: TaskDoorsDeps): Tasks {
  const admit = createAdmit(deps);
  const desk = createDesk(deps);
  const receive = createReceive(deps, admit);
  // Whoever called refuses in the shape of the wire that the path belongs to.
  const defer = createDeferral(deps, admit);
  const filing = { ...deps, nextId: createIds(deps), config: deps.files };
  const tables = new Map([
    ['tasks', serveTable([...generalRoutes(deps, desk, receive), ...taskRoutes(deps, desk)])],
    ['files', serveTable(fileRoutes(filing))],
    ['batches', serveTable(batchRoutes(filing))],
  ]);
  return {
    routeOf(path, request) {
      const [, version, collection = ''] = path.split('/', 3);
      const serve = version === 'v1' ? tables.get(collection) : undefined;
      return serve ?? (wantsTask(request) && canBeTask(path) ? defer : undefined);
    },
  };
}
