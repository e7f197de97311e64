import { problem, problemOf, type Task } from '#schema';
import type { Courier, TaskQueue } from '#contracts';
import type { Verdict, Work } from './work.ts';

export interface WebhookWorkDeps {
  readonly queue: Pick<TaskQueue, 'get'>;
  readonly courier: Courier;
  /** What the receiver at this address is told of a task; undefined where there is nothing to tell by now. */
  readonly tell: (task: Task, address: string) => string | undefined | Promise<string | undefined>;
}

const forgotten = problem('not_found', 'The task is not kept any more.');
const replayed = problem('not_found', 'The task is being replayed: its next end is told instead.');

/** The id that stands in the delivery's input. */
function readId(input: Uint8Array): string {
  return String.fromCodePoint(...input);
}

async function deliver(
  deps: WebhookWorkDeps,
  delivery: Task,
  given: { id: string; signal: AbortSignal },
): Promise<Verdict> {
  const [task] = await deps.queue.get([given.id]);
  if (task === undefined) return { kind: 'refused', problem: forgotten };
  const { id, endpoint: url, tenant } = delivery;
  const text = await deps.tell(task, url);
  if (text === undefined) return { kind: 'refused', problem: replayed };
  const done = await deps.courier.deliver({ id, about: task.id, url, tenant, text }, given.signal);
  if (done.kind === 'failed') return { kind: 'faulted', problem: done.problem };
  if (done.kind === 'unwanted') return { kind: 'refused', problem: done.problem };
  const body = new Uint8Array(0);
  return { kind: 'succeeded', reply: { status: done.status, contentType: 'text/plain', model: '', body } };
}

/** Tells a webhook, or whoever else asked to hear it, of the end of a task. */
export function createWebhookWork(deps: WebhookWorkDeps): Work {
  return (delivery, input, listener) => {
    const stop = new AbortController();
    const given = { id: readId(input), signal: stop.signal };
    const work = deliver(deps, delivery, given).catch((fault: unknown): Verdict => ({
      kind: 'faulted',
      problem: problemOf(fault),
    }));
    void work.then((verdict) => listener.ended(verdict));
    return () => stop.abort();
  };
}
