import type { Actor, Change, Result } from '#contracts';
import { problem, type Problem, type Resource, type ResourceKind } from '#schema';
import { mayChange } from './change-guards.ts';
import type { AdminDeps } from './deps.ts';
import { lastAdminLost } from './guards.ts';
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

/** Deletes what nothing refers to; answers with the resource as it last was. */
export async function removeResource(
  deps: AdminDeps,
  target: Removal,
  actor: Actor,
): Promise<Result<Resource>> {
  const { kind, name } = target;
  const stored = await deps.store.get(kind, name);
  if (stored === undefined) {
    return { ok: false, problem: problem('not_found', `There is no ${kind} "${name}".`) };
  }
  const refused = mayChange(target, stored) ?? (await heldBack(deps, target));
  if (refused) return { ok: false, problem: refused };
  const change: Change = { verb: 'delete', kind, name, expectedVersion: stored.metadata.resourceVersion };
  const done = await deps.store.commit([change], actor);
  if (!done.ok) return { ok: false, problem: done.problem };
  return { ok: true, value: redacted(done.resources[0] ?? stored) };
}
