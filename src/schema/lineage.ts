import type { AuditEntry } from './resource.ts';

/** What ran it, and where that is a server of somebody else, the addresses. */
interface ServedBy {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly urls?: string[];
}

/** What a deployment served from some moment on, and who had it so. */
export interface Served {
  readonly deployment: string;
  readonly model: string;
  readonly version: string;
  readonly engine: ServedBy | undefined;
  readonly since: string;
  readonly actor: string;
  readonly reason: string | undefined;
}

/** What is read of the audit log. */
export type Entry = Pick<AuditEntry, 'at' | 'actor' | 'reason' | 'name' | 'resourceVersion'> & {
  readonly kind: string;
  readonly before?: unknown;
  readonly after?: unknown;
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function engineOf(value: unknown): ServedBy | undefined {
  if (!isObject(value) || typeof value['name'] !== 'string') return undefined;
  const { name, options, urls } = value;
  const engine = { name, options: isObject(options) ? options : {} };
  return Array.isArray(urls) ? { ...engine, urls: urls.map(String) } : engine;
}

function servedBy({ name, at, actor, reason, after }: Entry): Served | undefined {
  if (!isObject(after)) return undefined;
  const { model, version } = after;
  if (typeof model !== 'string' || typeof version !== 'string') return undefined;
  return { deployment: name, model, version, engine: engineOf(after['engine']), since: at, actor, reason };
}

/** Whether both are the same version, run in the same way. */
export function isSameServed(left: Served, right: Served): boolean {
  return (
    left.model === right.model &&
    left.version === right.version &&
    JSON.stringify(left.engine) === JSON.stringify(right.engine)
  );
}

/** From `at` on the deployment served this; `undefined`: nothing, it was deleted. */
export interface ServedChange {
  readonly deployment: string;
  readonly at: string;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly served: Served | undefined;
}

/**
 * Every change of what deployments serve, oldest first, told from the audit log in whatever order it comes. A change
 * that leaves version and engine as they were is none.
 */
export function servedHistory(entries: readonly Entry[]): readonly ServedChange[] {
  const ordered = entries
    .filter(({ kind }) => kind === 'Deployment')
    .toSorted((a, b) => Number(a.resourceVersion) - Number(b.resourceVersion));
  const last = new Map<string, Served>();
  return ordered.flatMap((entry): ServedChange[] => {
    const before = last.get(entry.name);
    const served = servedBy(entry);
    const { at, actor, reason } = entry;
    const change = { deployment: entry.name, at, actor, reason, served };
    if (served === undefined) {
      last.delete(entry.name);
      return before === undefined ? [] : [change];
    }
    if (before !== undefined && isSameServed(before, served)) return [];
    last.set(entry.name, served);
    return [change];
  });
}

/** What each deployment served at a moment, by name. */
export function liveAt(entries: readonly Entry[], atMs: number): readonly Served[] {
  const live = new Map<string, Served>();
  for (const { deployment, at, served } of servedHistory(entries)) {
    if (Date.parse(at) > atMs) continue;
    if (served === undefined) live.delete(deployment);
    else live.set(deployment, served);
  }
  return [...live.values()].toSorted((a, b) => (a.deployment < b.deployment ? -1 : 1));
}
