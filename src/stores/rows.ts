import type { WatchEvent } from '#contracts';
import type { AuditEntry, Problem, Resource } from '#schema';
import { ProblemError, isKind, kindNames, problem, resourceSchemas } from '#schema';
import { z } from 'zod';
import { sealed } from './sealed.ts';
import { isUnreadable, type Unreadable } from './unreadable.ts';

const bodyRow = z.object({ body: z.string() });
const nameRow = z.object({ name: z.string() });
const versionRow = z.object({ version: z.number() });
const changeRow = z.object({ type: z.enum(['put', 'deleted']), body: z.string() });
const kinded = z.looseObject({ kind: z.string() });
const named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
const historyRow = z.object({ oldest: z.number().nullable(), newest: z.number().nullable() });

const auditEntry = z.object({
  at: z.string(),
  actor: z.string(),
  tenant: z.string(),
  verb: z.enum(['create', 'update', 'delete']),
  kind: z.enum(kindNames),
  name: z.string(),
  resourceVersion: z.string(),
  reason: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

export function parseResourceRow(row: unknown): Resource {
  return parseResource(bodyRow.parse(row).body);
}

/** For a change: what cannot be read is still there, at a version. */
export function parseStoredRow(row: unknown): Resource | Unreadable {
  const { version } = versionRow.parse(row);
  try {
    return parseResourceRow(row);
  } catch (fault) {
    return { unreadable: problemOfRow(fault), version: String(version) };
  }
}

/** The name of a row that cannot be read, in a list; an empty one for a row that can. */
export function parseNameIfUnreadable(row: unknown): readonly string[] {
  return isUnreadable(parseStoredRow(row)) ? [nameRow.parse(row).name] : [];
}

/** Each row for itself: one that cannot be read is reported, and hides no other. */
export function parseEach<T>(
  rows: readonly unknown[],
  parse: (row: unknown) => T,
  onUnreadable: (row: Unreadable) => void,
): readonly T[] {
  return rows.flatMap((row) => {
    try {
      return [parse(row)];
    } catch (fault) {
      onUnreadable({ unreadable: problemOfRow(fault), version: String(versionRow.parse(row).version) });
      return [];
    }
  });
}

function problemOfRow(fault: unknown): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  const why = fault instanceof Error ? fault.message : 'unknown';
  return problem('store_unusable', `A stored resource cannot be read: ${why}`);
}

export function parseChangeRow(row: unknown): WatchEvent {
  const { type, body } = changeRow.parse(row);
  return { type, resource: parseResource(body) };
}

export function parseAuditRow(row: unknown): AuditEntry {
  return sealed(auditEntry.parse(JSON.parse(bodyRow.parse(row).body)));
}

/** Oldest and newest kept version; in an empty store 1 and 0. */
export function parseHistoryRow(row: unknown): { oldest: number; newest: number } {
  const { oldest, newest } = historyRow.parse(row);
  return { oldest: oldest ?? 1, newest: newest ?? 0 };
}

/** What lies on disk may have been written by an earlier version or edited by hand: it is read like any input. */
function parseResource(body: string): Resource {
  const raw = kinded.parse(JSON.parse(body));
  if (!isKind(raw.kind))
    throw new ProblemError(problem('store_unusable', `It holds an unknown kind ${raw.kind}.`));
  const parsed = resourceSchemas[raw.kind].safeParse(raw);
  if (parsed.success) return sealed(parsed.data);
  const name = named.safeParse(raw).data?.metadata.name ?? '?';
  const why = z.prettifyError(parsed.error);
  const what = `The stored ${raw.kind} "${name}" does not fit its schema; delete it: ${why}`;
  throw new ProblemError(problem('store_unusable', what));
}
