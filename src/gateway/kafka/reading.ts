import {
  ProblemError,
  fit,
  problem,
  problems,
  sentJson,
  taskRequest,
  type KafkaStream,
  type NewTask,
  type Problem,
} from '#schema';
import type { BusMessage, Result } from '#contracts';
import type { Identity } from '../http/exchange.ts';
import { headersOf } from '../http/onward.ts';
import { createAdmit, type Wanted } from '../tasks/admit.ts';
import type { TasksDeps } from '../tasks/deps.ts';
import { readBeside } from '../tasks/beside.ts';
import { toWanted } from '../tasks/submit.ts';
import { addressOf } from './address.ts';

/** What becomes of one message. */
export type Fate =
  | { readonly kind: 'task'; readonly message: BusMessage; readonly task: NewTask }
  /** It can never become a task. */
  | { readonly kind: 'dead'; readonly message: BusMessage; readonly why: Problem }
  /** Not now: it waits, and what is behind it too. */
  | { readonly kind: 'later'; readonly message: BusMessage; readonly why: Problem };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A message is the same wherever it is read again: its place is its idempotency key, where it brings none of its own.
 * The time is in it because a topic that was made anew begins with the same offsets again.
 */
function placeKeyOf({ topic, partition, offset, timestampMs }: BusMessage): string {
  return `kafka:${topic}/${partition}/${offset}@${timestampMs}`;
}

interface ReadingDeps {
  readonly tasks: TasksDeps;
  readonly stream: KafkaStream;
}

function read(message: BusMessage, { tasks, stream }: ReadingDeps): Result<Wanted> {
  if ((message.value?.length ?? 0) > tasks.bodyBytesMax)
    return { ok: false, problem: problem('payload_too_large') };
  const parsed = sentJson('The message', () => utf8.decode(message.value ?? new Uint8Array(0)));
  if (!parsed.ok) return parsed;
  const request = fit(taskRequest, parsed.value);
  if (!request.ok) return request;
  const { results } = stream;
  if (results !== undefined && request.value.webhook !== undefined) {
    const told = `The end of this task is told to the topic "${results}"; "webhook" must be left out.`;
    return { ok: false, problem: problem('invalid_request', told, { param: 'webhook' }) };
  }
  const beside = readBeside(headersOf(message));
  if (!beside.ok) return beside;
  const sent = { request: request.value, bytes: Buffer.from(message.value ?? []) };
  return toWanted(sent, { idempotency_key: placeKeyOf(message), ...beside.value });
}

/** Whether trying again can never help. */
export function isFinal({ code }: Problem): boolean {
  return problems[code].retry === 'never';
}

/** Reads one message, up to the task that it asks for. */
export function createReading(deps: ReadingDeps): (message: BusMessage) => Promise<Fate> {
  const admit = createAdmit(deps.tasks);
  const { tenant, priority, results, topic } = deps.stream;
  const identity: Identity = { key: `kafka:${topic}`, tenant, priority, scopes: new Set(['infer']) };
  return async (message) => {
    const wanted = read(message, deps);
    const admitted = wanted.ok ? await admit(identity, [wanted.value]) : wanted;
    if (!admitted.ok) {
      const { problem: why } = admitted;
      return { kind: isFinal(why) ? 'dead' : 'later', message, why };
    }
    const [task] = admitted.value;
    if (task === undefined) throw new ProblemError(problem('internal'));
    if (results === undefined) return { kind: 'task', message, task };
    return { kind: 'task', message, task: { ...task, webhook: addressOf(results, message) } };
  };
}
