import type { Actor, Result } from '#contracts';
import { problem, problemOf, type Problem, type Resource, type ResourceKind } from '#schema';
import { mayChange } from './change-guards.ts';
import type { AdminDeps } from './deps.ts';
import { lastAdminLost, stillDividing } from './guards.ts';
import { referrersOf } from './references.ts';
import { redacted } from './secrets.ts';
import { createView } from './view.ts';

export interface Removal {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly expectedVersion?: string | undefined;
}

async function heldBack(deps: AdminDeps, { kind, name }: Removal): Promise<Problem | undefined> {
  const after = createView(deps.store);
  after.remove(kind, name);
  const referrers = await referrersOf(after, kind, name);
  if (referrers.length > 0)
    return problem(
      'in_use',
      `${kind} "${name}" is still used by ${referrers.join(', ')}. Delete that first.`,
    );
  if (kind !== 'Key') return undefined;
  const before = await createView(deps.store).list('Key');
  return lastAdminLost(before, await after.list('Key'), deps.clock.nowMs());
}

/** What is stored and cannot be read can be deleted nonetheless: then only its version is looked at. */
async function find({ store }: AdminDeps, { kind, name }: Removal): Promise<Result<Resource> | 'unreadable'> {
  try {
    const stored = await store.get(kind, name);
    if (stored !== undefined) return { ok: true, value: stored };
    return { ok: false, problem: problem('not_found', `There is no ${kind} "${name}".`) };
  } catch (fault) {
    if (problemOf(fault).code === 'store_unusable') return 'unreadable';
    throw fault;
  }
}

async function removeUnreadable(
  deps: AdminDeps,
  target: Removal,
  actor: Actor | undefined,
): Promise<Result<Resource>> {
  const { kind, name, expectedVersion } = target;
  const refused = mayChange({ kind, name }, undefined) ?? (await heldBack(deps, target));
  if (refused) return { ok: false, problem: refused };
  if (actor === undefined) {
    const message = `${kind} "${name}" cannot be read, so there is nothing to show. It can be deleted.`;
    return { ok: false, problem: problem('store_unusable', message) };
  }
  const done = await deps.store.commit([{ verb: 'delete', kind, name, expectedVersion }], actor);
  const [last] = done.ok ? done.resources : [];
  if (last !== undefined) return { ok: true, value: redacted(last) };
  return { ok: false, problem: done.ok ? problem('internal') : done.problem };
}

/** Deletes what nothing refers to; answers with the resource as it last was. Without an actor it only checks. */
export async function removeResource(
  deps: AdminDeps,
  target: Removal,
  actor: Actor | undefined,
): Promise<Result<Resource>> {
  const { kind, name } = target;
  const found = await find(deps, target);
  if (found === 'unreadable') return removeUnreadable(deps, target, actor);
  if (!found.ok) return found;
  const stored = found.value;
  const refused = mayChange(target, stored) ?? stillDividing(stored) ?? (await heldBack(deps, target));
  if (refused) return { ok: false, problem: refused };
  if (actor === undefined) return { ok: true, value: redacted(stored) };
  const expectedVersion = stored.metadata.resourceVersion;
  const done = await deps.store.commit([{ verb: 'delete', kind, name, expectedVersion }], actor);
  if (!done.ok) return { ok: false, problem: done.problem };
  return { ok: true, value: redacted(done.resources[0] ?? stored) };
}
