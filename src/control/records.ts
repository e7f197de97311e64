import { ProblemError, type Resource, type ResourceKind } from '#schema';
import type { Actor, Change, Store } from '#contracts';

const control: Actor = { name: 'control', tenant: 'system' };

type Of<K extends ResourceKind> = Extract<Resource, { readonly kind: K }>;

function isOf<K extends ResourceKind>(kind: K, resource: Resource): resource is Of<K> {
  return resource.kind === kind;
}

export async function getOf<K extends ResourceKind>(
  store: Store,
  kind: K,
  name: string,
): Promise<Of<K> | undefined> {
  const found = await store.get(kind, name);
  return found !== undefined && isOf(kind, found) ? found : undefined;
}

export async function listOf<K extends ResourceKind>(store: Store, kind: K): Promise<readonly Of<K>[]> {
  const found = await store.list(kind);
  return found.filter((resource): resource is Of<K> => isOf(kind, resource));
}

/** Replaces what was read, unless it has changed since; creates what was never stored, unless it exists. */
export function replacing(resource: Resource): Change {
  return { verb: 'put', resource, expectedVersion: resource.metadata.resourceVersion ?? '' };
}

export function removing({ kind, metadata: { name, resourceVersion } }: Resource): Change {
  return { verb: 'delete', kind, name, expectedVersion: resourceVersion };
}

/** What an action came to: `stale` when what it was decided on has changed meanwhile. */
export type Acted = 'done' | 'stale';

/** All or nothing. Losing a race is no fault: the caller looks again and decides anew. */
export async function commit(
  store: Store,
  changes: readonly Change[],
  actor: Actor = control,
): Promise<Acted> {
  const committed = await store.commit(changes, actor);
  if (committed.ok) return 'done';
  const { code } = committed.problem;
  if (code === 'version_conflict' || code === 'not_found') return 'stale';
  throw new ProblemError(committed.problem);
}

/** Equal as JSON: absent and `undefined` are the same, the order of properties does not matter. */
export function sameJson(left: unknown, right: unknown): boolean {
  return left === right || canonicalJson(left) === canonicalJson(right);
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON with sorted properties, so that equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sorted) ?? '';
}

/** RFC 3339 with milliseconds. */
export function timestamp(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
