import { z } from 'zod';
import type { Actor, Change, Fence, WatchEvent } from '#contracts';
import type { Asking } from '#postgres';
import type { AuditEntry } from '#schema';
import { decideCommit, type CommitDecision } from '../commit-rules.ts';
import { superseded } from '../superseded.ts';
import { isHeld } from './peers.ts';
import { parseStoredRow } from '../rows.ts';
import { askHistory } from './reads.ts';

export interface WriteInput {
  readonly changes: readonly Change[];
  readonly actor: Actor;
  readonly fence: Fence | undefined;
  readonly nowMs: number;
  readonly historyChangesMax: number;
}

const named = z.object({ kind: z.string(), name: z.string() });

function subject(change: Change): { readonly kind: string; readonly name: string } {
  if (change.verb === 'delete') return change;
  return { kind: change.resource.kind, name: change.resource.metadata.name };
}

/** What is stored of everything that the changes are about. */
async function lookUp(ask: Asking, changes: readonly Change[]) {
  const subjects = changes.map(subject);
  const rows = await ask({
    name: 'store-look-up',
    text: `SELECT kind, name, version, body FROM resources
      WHERE (kind, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    values: [subjects.map(({ kind }) => kind), subjects.map(({ name }) => name)],
  });
  const found = new Map(
    rows.map((row) => {
      const { kind, name } = named.parse(row);
      return [`${kind}/${name}`, parseStoredRow(row)] as const;
    }),
  );
  return (kind: string, name: string) => found.get(`${kind}/${name}`);
}

interface Written {
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly body: string;
}

function writtenOf({ type, resource }: WatchEvent): Written {
  const { name, resourceVersion } = resource.metadata;
  return {
    kind: resource.kind,
    name,
    version: Number(resourceVersion),
    type,
    body: JSON.stringify(resource),
  };
}

function column(rows: readonly Written[], name: keyof Written): unknown[] {
  return rows.map((row) => row[name]);
}

async function writeEvents(ask: Asking, events: readonly WatchEvent[]): Promise<void> {
  const written = events.map(writtenOf);
  // One commit may change a resource more than once: what it comes to is stored, every change is told.
  const last = new Map(written.map((one) => [`${one.kind}/${one.name}`, one]));
  const [kept, gone] = [
    [...last.values()].filter(({ type }) => type === 'put'),
    [...last.values()].filter(({ type }) => type !== 'put'),
  ];
  await ask({
    name: 'store-put',
    text: `INSERT INTO resources SELECT * FROM unnest($1::text[], $2::text[], $3::float8[], $4::text[])
      ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version, body = excluded.body`,
    values: [column(kept, 'kind'), column(kept, 'name'), column(kept, 'version'), column(kept, 'body')],
  });
  await ask({
    name: 'store-delete',
    text: 'DELETE FROM resources WHERE (kind, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
    values: [column(gone, 'kind'), column(gone, 'name')],
  });
  await ask({
    name: 'store-change',
    text: 'INSERT INTO changes SELECT * FROM unnest($1::float8[], $2::text[], $3::text[])',
    values: [column(written, 'version'), column(written, 'type'), column(written, 'body')],
  });
}

async function writeAudit(ask: Asking, entries: readonly AuditEntry[]): Promise<void> {
  await ask({
    name: 'store-audit',
    text: `INSERT INTO audit (at_ms, kind, name, body)
      SELECT * FROM unnest($1::float8[], $2::text[], $3::text[], $4::text[])`,
    values: [
      entries.map(({ at }) => Date.parse(at)),
      entries.map(({ kind }) => kind),
      entries.map(({ name }) => name),
      entries.map((entry) => JSON.stringify(entry)),
    ],
  });
}

/** Decides and writes in one transaction. Commits take turns, whichever process they come from: versions have no gaps. */
export async function writeCommit(ask: Asking, input: WriteInput): Promise<CommitDecision> {
  await ask({ text: "SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' store'))" });
  if (input.fence !== undefined && !(await isHeld(ask, input.fence))) return superseded(input.fence);
  const { newest } = await askHistory(ask);
  const lookup = await lookUp(ask, input.changes);
  const decision = decideCommit({ ...input, version: newest, lookup });
  if (!decision.ok || decision.events.length === 0) return decision;
  await writeEvents(ask, decision.events);
  if (decision.audit.length > 0) await writeAudit(ask, decision.audit);
  const forgotten = newest + decision.events.length - input.historyChangesMax;
  await ask({ name: 'store-forget', text: 'DELETE FROM changes WHERE version <= $1', values: [forgotten] });
  return decision;
}

/** `Store.forgetAudit`. */
export async function forgetAudit(ask: Asking, beforeMs: number): Promise<void> {
  const text = `DELETE FROM audit WHERE at_ms < $1 AND (
    body::json->>'verb' = 'delete'
    OR entry NOT IN (SELECT max(entry) FROM audit WHERE at_ms < $1 GROUP BY kind, name)
  )`;
  await ask({ name: 'store-forget-audit', text, values: [beforeMs] });
}
