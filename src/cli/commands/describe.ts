import { stringify } from 'yaml';
import type { AuditEntry, Kind, Millrace, Replica, Resources } from '@millrace/sdk';
import { MillraceError } from '@millrace/sdk';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { resourceTable } from '../format/columns.ts';
import { facts, table } from '../format/table.ts';
import { ageText } from '../format/units.ts';
import { parseKindWord, getNamed } from '../names.ts';

interface Described {
  readonly resource: Resources[Kind];
  readonly replicas: readonly Replica[];
  readonly audit: readonly AuditEntry[];
}

/** The audit log is the administrator's; without it the rest is still worth telling. */
async function auditOf(client: Millrace, kind: Kind, name: string): Promise<readonly AuditEntry[]> {
  try {
    return await client.audit({ kind, name, limit: 10 });
  } catch (fault) {
    if (fault instanceof MillraceError && fault.code === 'forbidden') return [];
    throw fault;
  }
}

async function describe(client: Millrace, kind: Kind, name: string): Promise<Described> {
  const resource = await getNamed(client, kind, name);
  const replicas = kind === 'Deployment' ? (await client.resources('Replica').list()).items : [];
  return {
    resource,
    replicas: replicas.filter((one) => one.spec.deployment === name),
    audit: await auditOf(client, kind, name),
  };
}

function indented(value: unknown): string {
  const empty = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return empty ? '  -' : stringify(value).trimEnd().replaceAll(/^/gm, '  ');
}

function textOf({ resource, replicas, audit }: Described, nowMs: number): string {
  const { metadata, kind, spec, status } = resource;
  const labels = Object.entries(metadata.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const parts = [
    facts([
      ['Kind', kind],
      ['Name', metadata.name],
      ['Labels', labels.join(', ')],
      ['Age', ageText(metadata.createdAt, nowMs)],
      ['Version', metadata.resourceVersion],
    ]),
    `Spec:\n${indented(spec)}`,
    `Status:\n${indented(status)}`,
  ];
  if (replicas.length > 0) parts.push(`Replicas:\n${resourceTable('Replica', replicas, nowMs)}`);
  const changes = audit.map((one) => [ageText(one.at, nowMs), one.verb, one.actor, one.reason ?? '']);
  if (changes.length > 0) parts.push(`Changes:\n${table(['AGE', 'WHAT', 'WHO', 'WHY'], changes)}`);
  return parts.join('\n\n');
}

export const describeCommand: AddCommand = (program, terminal) => {
  program
    .command('describe')
    .description('tell everything about a resource: state, replicas, recent changes')
    .argument('<kind>')
    .argument('<name>')
    .action(
      called(terminal, async (context, [word = '', name = '']) => {
        const described = await describe(context.client(), parseKindWord(word), name);
        context.result(described, textOf(described, terminal.nowMs()));
      }),
    );
};
