import { eventsOf, failuresMax, mustEnd } from './connection.ts';
import type { Http } from './http.ts';
import { backOffMs, pause } from './pause.ts';
import type { ReadOptions } from './resources.ts';
import type { SseEvent } from './sse.ts';
import type { TaskRequest, TaskView } from './types.gen.ts';

export type TaskStatus = TaskView['status'];

export interface TaskQuery extends ReadOptions {
  readonly status?: TaskStatus | undefined;
  readonly model?: string | undefined;
  /** For administrators: whose. */
  readonly tenant?: string | undefined;
  /** RFC 3339. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** The last id of the page before. */
  readonly after?: string | undefined;
  /** 1 to 1000; 100 when absent. */
  readonly limit?: number | undefined;
}

export interface TaskPage {
  readonly data: readonly TaskView[];
  readonly has_more: boolean;
  readonly last_id?: string;
}

export interface TaskCount {
  readonly tenant: string;
  readonly model: string;
  readonly status: TaskStatus;
  readonly count: number;
}

/** Durable tasks: hand a request in, walk away, come back for the answer. */
export interface Tasks {
  submit(request: TaskRequest, options?: ReadOptions): Promise<TaskView>;
  /** All or none; at most 1000. */
  submitMany(requests: readonly TaskRequest[], options?: ReadOptions): Promise<readonly TaskView[]>;
  get(id: string, options?: ReadOptions): Promise<TaskView>;
  /** Newest first. */
  list(query?: TaskQuery): Promise<TaskPage>;
  counts(options?: ReadOptions): Promise<readonly TaskCount[]>;
  cancel(id: string, options?: ReadOptions): Promise<TaskView>;
  /** Begins one anew that has ended without success. */
  replay(id: string, options?: ReadOptions): Promise<TaskView>;
  /** Every change until the end, over lost connections. */
  follow(id: string, options?: ReadOptions): AsyncGenerator<TaskView, void, undefined>;
  /** The task once it has ended. */
  wait(id: string, options?: ReadOptions): Promise<TaskView>;
  /** What the endpoint would have answered. A refusal is thrown, as the endpoint would have refused. */
  result(id: string, options?: ReadOptions): Promise<Response>;
  /** What deliveries to webhooks are signed with, as Standard Webhooks want it. */
  webhookSecret(options?: ReadOptions): Promise<string>;
}

function isTask(value: unknown): value is TaskView {
  return typeof value === 'object' && value !== null && 'task_id' in value;
}

/** The changes that one connection brings; returns whether the end was among them. */
async function* changesOf(
  events: AsyncIterable<SseEvent>,
  heard: () => void,
): AsyncGenerator<TaskView, boolean, undefined> {
  for await (const { event, data } of events) {
    heard();
    if (event === 'end') return true;
    const task: unknown = JSON.parse(data);
    if (isTask(task)) yield task;
  }
  return false;
}

async function* follow(
  http: Http,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<TaskView, void, undefined> {
  let failures = 0;
  const heard = (): void => {
    failures = 0;
  };
  for (; ; failures += 1) {
    try {
      if (yield* changesOf(eventsOf(http, { path: `${path}/events` }, signal), heard)) return;
      // A connection that was closed without an end: the platform was restarted, say.
    } catch (fault) {
      mustEnd(fault, signal, failures >= failuresMax);
    }
    await pause(backOffMs(failures + 1, undefined), signal);
  }
}

function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}

export function createTasks(http: Http): Tasks {
  const path = '/v1/tasks';
  const get = (id: string, { signal }: ReadOptions = {}): Promise<TaskView> =>
    http.json({ path: pathOf(id), signal });
  return {
    get,
    submit: (request, { signal } = {}) => http.json({ method: 'POST', path, json: request, signal }),
    async submitMany(requests, { signal } = {}) {
      const json = { tasks: requests };
      const answer = await http.json<TaskView | { readonly data: readonly TaskView[] }>({
        method: 'POST',
        path,
        json,
        signal,
      });
      return 'data' in answer ? answer.data : [answer];
    },
    list: ({ signal, ...query } = {}) => http.json({ path, query, signal }),
    async counts({ signal } = {}) {
      const answer = await http.json<{ readonly data: readonly TaskCount[] }>({
        path: `${path}/counts`,
        signal,
      });
      return answer.data;
    },
    cancel: (id, { signal } = {}) => http.json({ method: 'DELETE', path: pathOf(id), signal }),
    replay: (id, { signal } = {}) => http.json({ method: 'POST', path: `${pathOf(id)}/replay`, signal }),
    follow: (id, { signal } = {}) => follow(http, pathOf(id), signal),
    async wait(id, { signal } = {}) {
      let last: TaskView | undefined;
      for await (const task of follow(http, pathOf(id), signal)) last = task;
      return last ?? (await get(id, { signal }));
    },
    result: (id, { signal } = {}) => http.send({ path: `${pathOf(id)}/result`, signal }),
    async webhookSecret({ signal } = {}) {
      const { secret } = await http.json<{ readonly secret: string }>({
        path: `${path}/webhook-secret`,
        signal,
      });
      return secret;
    },
  };
}
