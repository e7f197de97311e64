import { MillraceError, type AuditEntry, type Millrace, type ModelVersion } from '@millrace/sdk';
import type { Command } from 'commander';
import { modelHistory, type ModelEvent } from '#schema';
import { kindLog } from '../audit-log.ts';
import { called } from '../context.ts';
import { table } from '../format/table.ts';
import { ageText, bytesText } from '../format/units.ts';
import { getNamed } from '../names.ts';
import type { Terminal } from '../terminal.ts';

function versionRow(
  { metadata, spec, status = { state: 'pending' } }: ModelVersion,
  nowMs: number,
): readonly string[] {
  const digest = status.digest ?? spec.digest ?? '';
  return [
    spec.version,
    ageText(metadata.createdAt, nowMs),
    status.state,
    status.sizeBytes === undefined ? '' : bytesText(status.sizeBytes),
    digest.slice(0, 'sha256:'.length + 12),
    spec.parent ?? '',
    spec.metadata?.commit ?? '',
    spec.source,
  ];
}

const kindsTold = ['Deployment', 'ModelVersion', 'Release', 'Alias'] as const;

/** What happened, newest first; undefined for keys that may not read the audit log. */
async function eventsOf(client: Millrace, model: string): Promise<readonly ModelEvent[] | undefined> {
  const entries: AuditEntry[] = [];
  try {
    for (const kind of kindsTold) entries.push(...(await kindLog(client, kind)));
  } catch (fault) {
    if (fault instanceof MillraceError && fault.status === 403) return undefined;
    throw fault;
  }
  const releases = (await client.resources('Release').list()).items;
  return modelHistory(model, { entries, releases }).toReversed();
}

function eventTable(events: readonly ModelEvent[] | undefined): string {
  if (events === undefined) return 'What happened is told to keys with the scope "admin".';
  const rows = events.map(({ at, actor, what, reason }) => [at, actor, what, reason ?? '']);
  return table(['WHEN', 'BY', 'WHAT', 'WHY'], rows);
}

export function addHistory(models: Command, terminal: Terminal): void {
  models
    .command('history')
    .description('the versions of a model and all that happened to it, newest first: who, what and why')
    .argument('<model>')
    .action(
      called(terminal, async (context, [model = '']) => {
        const client = context.client();
        await getNamed(client, 'Model', model);
        const versions = (await client.resources('ModelVersion').list()).items
          .filter((one) => one.spec.model === model)
          .toSorted((a, b) => (b.metadata.createdAt ?? '').localeCompare(a.metadata.createdAt ?? ''));
        const events = await eventsOf(client, model);
        const rows = versions.map((one) => versionRow(one, terminal.nowMs()));
        const headings = ['VERSION', 'AGE', 'STATE', 'SIZE', 'DIGEST', 'PARENT', 'COMMIT', 'SOURCE'];
        context.result({ versions, events }, `${table(headings, rows)}\n\n${eventTable(events)}`);
      }),
    );
}
