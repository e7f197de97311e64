import type { Actor, Change } from '#contracts';
import type { CommitDecision } from '../commit-rules.ts';
import { decideCommit } from '../commit-rules.ts';
import type { Tables } from './tables.ts';

interface WriteInput {
  readonly changes: readonly Change[];
  readonly actor: Actor;
  readonly nowMs: number;
  readonly historyChangesMax: number;
}

/** Decides and writes in one transaction, so that a second process decides on what the first one left. */
export function writeCommit(tables: Tables, input: WriteInput): CommitDecision {
  return tables.atomically(() => {
    const { newest } = tables.history();
    const decision = decideCommit({
      ...input,
      version: newest,
      lookup: (kind, name) => tables.findAny(kind, name),
    });
    if (!decision.ok) return decision;
    for (const event of decision.events) tables.writeChange(event);
    for (const entry of decision.audit) tables.writeAudit(entry);
    tables.forgetChangesUpTo(newest + decision.events.length - input.historyChangesMax);
    return decision;
  });
}
