import { createHash } from 'node:crypto';
import {
  boundedPriority,
  didYouMean,
  problem,
  type NewTask,
  type Problem,
  type TaskEndpoint,
  type TaskRequest,
} from '#schema';
import type { Result } from '#contracts';
import { createIds } from '#dispatch';
import type { Identity } from '../http/exchange.ts';
import { createAllowance } from './allowance.ts';
import type { TasksDeps } from './deps.ts';

/** A request that is to become a task, whichever way it came. */
export interface Wanted extends Omit<TaskRequest, 'body' | 'endpoint'> {
  readonly endpoint: TaskEndpoint;
  readonly body: Buffer;
  /** How much of the body is JSON, where binary tensors follow. */
  readonly jsonBytes?: string | undefined;
  readonly traceparent?: string | undefined;
  /** What tells it from another request, where that is not each byte of its body. */
  readonly print?: string | undefined;
}

export type Admit = (identity: Identity, wanted: readonly Wanted[]) => Promise<Result<readonly NewTask[]>>;

async function unknownModel(
  { directory }: TasksDeps,
  model: string,
  tenant: string,
): Promise<Problem | undefined> {
  if ((await directory.find(model, tenant)) !== undefined) return undefined;
  const known = directory.routes().map((route) => route.deployment);
  const message = `No deployment serves the model "${model}".${didYouMean(model, known)}`;
  return problem('model_not_found', message, { param: 'model' });
}

function badWebhook({ config }: TasksDeps, webhook: string | undefined): Problem | undefined {
  if (webhook === undefined) return undefined;
  const { protocol, username, password } = new URL(webhook);
  const secured = protocol === 'https:' || config.webhooks.allowPrivate;
  if (secured && username === '' && password === '') return undefined;
  return problem('invalid_request', '"webhook" must be an https address without a password in it.', {
    param: 'webhook',
  });
}

/** When it may begin, and by when it must have ended: as long after the delay as configured, where it does not say. */
function timesOf({ delay_s: delayS = 0, deadline_s: deadlineS }: Wanted, { clock, config }: TasksDeps) {
  const nowMs = clock.nowMs();
  const dueAtMs = nowMs + delayS * 1000;
  return {
    dueAtMs,
    expiresAtMs: deadlineS === undefined ? dueAtMs + config.deadlineMs : nowMs + deadlineS * 1000,
  };
}

function neverInTime({ delay_s: delayS = 0, deadline_s: deadlineS = Infinity }: Wanted): Problem | undefined {
  if (delayS < deadlineS) return undefined;
  const message = '"delay_s" must be shorter than "deadline_s": it would end before it may begin.';
  return problem('invalid_request', message, { param: 'delay_s' });
}

function fingerprintOf({ endpoint, body, print, jsonBytes = '' }: Wanted): string {
  const hash = createHash('sha256').update(endpoint).update(jsonBytes).update('\n');
  return hash.update(print ?? body).digest('hex');
}

/** Those that no task has the idempotency key of. */
async function freshOf(
  { queue }: TasksDeps,
  tenant: string,
  wanted: readonly Wanted[],
): Promise<readonly Wanted[]> {
  const keys = wanted.flatMap(({ idempotency_key: key }) => key ?? []);
  const known = keys.length > 0 ? await queue.known(tenant, keys) : new Set<string>();
  return wanted.filter(({ idempotency_key: key }) => key === undefined || !known.has(key));
}

/** Makes tasks of requests, or says why not; large bodies are put away first. */
export function createAdmit(deps: TasksDeps): Admit {
  const { config, directory, payloads } = deps;
  const nextId = createIds(deps);
  const refuseTooMany = createAllowance(deps);

  async function toTask({ tenant, key, priority: highest }: Identity, wanted: Wanted): Promise<NewTask> {
    const { model, endpoint, jsonBytes, priority, webhook, session, traceparent } = wanted;
    const { idempotency_key: idempotencyKey } = wanted;
    const id = nextId('task_');
    return {
      id,
      lane: 'request',
      tenant,
      key,
      model,
      endpoint,
      priority: boundedPriority(priority, highest),
      stride: 1 / directory.shares.ofTenant(tenant),
      ...timesOf(wanted, deps),
      keepMs: wanted.ttl_s === undefined ? config.keepMs : wanted.ttl_s * 1000,
      attemptsMax: wanted.attempts ?? config.attempts,
      input: await payloads.keep(wanted.body, id),
      ...(jsonBytes !== undefined && { jsonBytes }),
      ...(webhook !== undefined && { webhook }),
      ...(session !== undefined && { session }),
      ...(traceparent !== undefined && { traceparent }),
      ...(idempotencyKey !== undefined && { idempotencyKey, fingerprint: fingerprintOf(wanted) }),
    };
  }

  async function refuse({ tenant }: Identity, wanted: readonly Wanted[]): Promise<Problem | undefined> {
    for (const one of wanted) {
      const refused =
        neverInTime(one) ?? (await unknownModel(deps, one.model, tenant)) ?? badWebhook(deps, one.webhook);
      if (refused) return refused;
    }
    return refuseTooMany(tenant, wanted.length);
  }

  return async (identity, wanted) => {
    let refused = await refuse(identity, wanted);
    if (refused) {
      // What was handed in before is there, whatever stands against it by now.
      const fresh = await freshOf(deps, identity.tenant, wanted);
      if (fresh.length < wanted.length)
        refused = fresh.length > 0 ? await refuse(identity, fresh) : undefined;
    }
    if (refused) return { ok: false, problem: refused };
    const tasks: NewTask[] = [];
    for (const one of wanted) tasks.push(await toTask(identity, one));
    return { ok: true, value: tasks };
  };
}
