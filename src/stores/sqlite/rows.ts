import type { WatchEvent } from '#contracts';
import type { AuditEntry, Resource } from '#schema';
import { ProblemError, isKind, kindNames, problem, resourceSchemas } from '#schema';
import { z } from 'zod';
import { sealed } from '../sealed.ts';

const bodyRow = z.object({ body: z.string() });
const changeRow = z.object({ type: z.enum(['put', 'deleted']), body: z.string() });
const kinded = z.looseObject({ kind: z.string() });
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
  const what = `A stored ${raw.kind} does not fit its schema: ${z.prettifyError(parsed.error)}`;
  throw new ProblemError(problem('store_unusable', what));
}
