import type { Actor, Change, Result } from '#contracts';
import type { Problem, Resource } from '#schema';
import type { AdminDeps } from './deps.ts';
import { prepareAll, type Prepared, type RefusedAt, type Wanted } from './prepare.ts';
import { removeResource, type Removal } from './remove.ts';
import { redacted } from './secrets.ts';

/** What became of one wanted resource. */
export interface Outcome {
  readonly action: Prepared['action'];
  /** As stored now, or as it would be; fit to be shown. */
  readonly resource: Resource;
  /** Only for a key whose secret was made just now: this is the one time it is told. */
  readonly secret?: string | undefined;
}

export type Outcomes = { readonly ok: true; readonly outcomes: readonly Outcome[] } | RefusedAt;

/** Every change that people make goes through here. */
export interface Changes {
  /** All or nothing. */
  put(wanted: readonly Wanted[], actor: Actor, dryRun: boolean): Promise<Outcomes>;
  /** Answers with the resource as it last was. */
  remove(target: Removal, actor: Actor, dryRun: boolean): Promise<Result<Resource>>;
}

/** Statuses change underneath us all the time, but not this often in a row. */
const attemptsMax = 6;

/** One change at a time: what was checked is still so when it is committed. */
function createTurnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Tries again when a status was written in between. What the caller expected is checked anew, and holds. */
async function persist<T extends { readonly ok: true } | { readonly ok: false; readonly problem: Problem }>(
  attempt: () => Promise<T>,
): Promise<T> {
  let result = await attempt();
  for (let tries = 1; tries < attemptsMax; tries += 1) {
    if (result.ok || result.problem.code !== 'version_conflict') return result;
    result = await attempt();
  }
  return result;
}

function outcome({ resource, stored, action, secret }: Prepared, committed: Resource | undefined): Outcome {
  const shown = committed ?? (action === 'unchanged' && stored ? stored : resource);
  return { action, resource: redacted(shown), ...(secret !== undefined && { secret }) };
}

async function commit(deps: AdminDeps, prepared: readonly Prepared[], actor: Actor): Promise<Outcomes> {
  const changed = prepared.filter((one) => one.action !== 'unchanged');
  const changes = changed.map(({ resource, stored }): Change => ({
    verb: 'put',
    resource,
    expectedVersion: stored?.metadata.resourceVersion ?? '',
  }));
  const done = changes.length === 0 ? undefined : await deps.store.commit(changes, actor);
  if (done?.ok === false) {
    const culprit = changed[done.at];
    return { ok: false, problem: done.problem, at: culprit ? prepared.indexOf(culprit) : 0 };
  }
  const outcomes = prepared.map((one) => outcome(one, done?.resources[changed.indexOf(one)]));
  return { ok: true, outcomes };
}

export function createChanges(deps: AdminDeps): Changes {
  const turnstile = createTurnstile();

  async function putOnce(wanted: readonly Wanted[], actor: Actor, dryRun: boolean): Promise<Outcomes> {
    const plan = await prepareAll(deps, wanted, dryRun);
    if (!plan.ok) return plan;
    if (!dryRun) return await commit(deps, plan.prepared, actor);
    return { ok: true, outcomes: plan.prepared.map((one) => outcome(one, undefined)) };
  }

  return {
    put: (wanted, actor, dryRun) => turnstile(() => persist(() => putOnce(wanted, actor, dryRun))),
    remove: (target, actor, dryRun) =>
      turnstile(() => persist(() => removeResource(deps, target, dryRun ? undefined : actor))),
  };
}
