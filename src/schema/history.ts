import { servedHistory, type Entry } from './lineage.ts';
import { isReleaseOver, type ReleaseState } from './release.ts';

/** Something that happened to a model: who did what, and why. */
export interface ModelEvent {
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly what: string;
  readonly reason: string | undefined;
}

/** What is read of a Release. */
interface Ending {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly deployment: string; readonly version: string };
  readonly status?:
    | { readonly state: ReleaseState; readonly since: string; readonly message?: string | undefined }
    | undefined;
}

function textOf(spec: unknown, field: string): string | undefined {
  const value: unknown = typeof spec === 'object' && spec !== null ? Reflect.get(spec, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** That a release was begun, or that somebody has decided how it is to end: the rest is in its verdict. */
function toldOfRelease({ name, before, after }: Entry): string | undefined {
  const verdict = textOf(after, 'verdict');
  const version = textOf(after, 'version');
  if (before === undefined)
    return `release ${name} of version ${version} to ${textOf(after, 'deployment')} begun`;
  if (verdict === undefined || verdict === textOf(before, 'verdict')) return undefined;
  return `release ${name} told to ${verdict === 'promote' ? 'promote' : 'roll back'}`;
}

/** What an entry says of versions, releases and aliases; of deployments see `servedHistory`. */
function told(entry: Entry): string | undefined {
  const { kind, name, before, after } = entry;
  const spec = after ?? before;
  const isNew = before === undefined;
  const version = textOf(spec, 'version');
  if (kind === 'ModelVersion')
    return after === undefined
      ? `version ${version} deleted`
      : isNew
        ? `version ${version} registered`
        : undefined;
  const deployment = textOf(spec, 'deployment');
  if (kind === 'Release') return toldOfRelease(entry);
  if (kind !== 'Alias') return undefined;
  return after === undefined ? `the name ${name} given up` : `the name ${name} leads to ${deployment}`;
}

/** Deployments that have ever served the model, and what they served of it, as events. */
function servings(model: string, entries: readonly Entry[]) {
  const deployments = new Set<string>();
  const serving = new Set<string>();
  const events: ModelEvent[] = [];
  for (const { deployment, at, served, actor, reason } of servedHistory(entries)) {
    const isOurs = served?.model === model;
    if (isOurs) events.push({ at, actor, reason, what: `${deployment} serves version ${served.version}` });
    else if (serving.has(deployment))
      events.push({ at, actor, reason, what: `${deployment} serves it no longer` });
    if (isOurs) serving.add(deployment);
    else serving.delete(deployment);
    if (isOurs) deployments.add(deployment);
  }
  return { deployments, events };
}

/** How releases that are over ended, with their verdicts. */
function endings(releases: readonly Ending[], deployments: ReadonlySet<string>): readonly ModelEvent[] {
  return releases.flatMap(({ metadata, spec, status }): readonly ModelEvent[] => {
    if (status === undefined || !isReleaseOver(status.state) || !deployments.has(spec.deployment)) return [];
    const what = `release ${metadata.name} of version ${spec.version} to ${spec.deployment} ${status.state}`;
    return [{ at: status.since, actor: 'control', what, reason: status.message }];
  });
}

/**
 * Everything that happened to a model, oldest first: its versions, what deployments served of it, their releases with
 * the verdicts, and the names that led there. `entries` are the audit log's, in whatever order.
 */
export function modelHistory(
  model: string,
  { entries, releases }: { readonly entries: readonly Entry[]; readonly releases: readonly Ending[] },
): readonly ModelEvent[] {
  const { deployments, events } = servings(model, entries);
  const others = entries.flatMap((entry): readonly ModelEvent[] => {
    const spec = entry.after ?? entry.before;
    const isOurs =
      entry.kind === 'ModelVersion'
        ? textOf(spec, 'model') === model
        : deployments.has(textOf(spec, 'deployment') ?? '');
    const what = isOurs ? told(entry) : undefined;
    return what === undefined ? [] : [{ at: entry.at, actor: entry.actor, what, reason: entry.reason }];
  });
  return [...events, ...others, ...endings(releases, deployments)].toSorted((a, b) =>
    a.at.localeCompare(b.at),
  );
}
