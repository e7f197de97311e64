import type { Release } from '@millrace/sdk';
import { facts, table } from './table.ts';
import { ageText } from './units.ts';

const barWidth = 20;

/** A bar on the scale of orders of magnitude: full when the evidence is as strong as a rollback needs. */
function evidenceBar(evidence: number, alpha: number): string {
  const part = Math.log(Math.max(1, evidence)) / Math.log(1 / alpha);
  const filled = Math.round(Math.min(1, part) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}

/** Two digits at least, and never an exponent. */
function rounded(value: number): string {
  return value < 99.5 ? value.toPrecision(2) : Math.round(value).toLocaleString('en-US');
}

function odds(value: number): string {
  return `${rounded(value)} : 1`;
}

type Status = NonNullable<Release['status']>;
type Gate = NonNullable<Status['gates']>[number];

function seen({ bad, requests }: Gate['candidate']): string {
  return `${bad}/${requests}`;
}

function gateRow(gate: Gate, alpha: number): readonly string[] {
  return [
    gate.name,
    evidenceBar(gate.evidence, alpha),
    odds(gate.evidence),
    seen(gate.candidate),
    seen(gate.stable),
    gate.ratioBound === undefined ? '?' : `≤ ${rounded(gate.ratioBound)} ×`,
    `≤ +${rounded(Math.max(0, gate.riseBound) * 100)} %`,
    gate.passes ? 'passed' : 'open',
  ];
}

const headings = ['GATE', 'EVIDENCE FOR HARM', '', 'NEW: BAD', 'OLD: BAD', 'RATIO', 'RISE', ''];

/** Who is asked what. */
function shareOf({ split }: Status): string | undefined {
  if (split === undefined) return undefined;
  const share = `${(split.share * 100).toFixed(0)} % to the new version`;
  return split.copied === undefined ? share : `${share}; copies of ${(split.copied * 100).toFixed(0)} %`;
}

function alikeOf({ alike }: Status): string | undefined {
  if (alike === undefined) return undefined;
  const { copied, fixed, equal } = alike;
  return `${equal} of ${fixed} answers that should be the same; ${copied} copied in all`;
}

function progress({ spec, status }: Release): Parameters<typeof facts>[0] {
  if (status === undefined) return [];
  const { samples, evidence, message } = status;
  return [
    ['share', shareOf(status)],
    ['equal', alikeOf(status)],
    ['samples', samples === undefined ? undefined : `${samples} of ${spec.samplesMin} in this step`],
    [
      'evidence',
      evidence === undefined ? undefined : `${odds(evidence)}; a rollback needs ${odds(1 / spec.alpha)}`,
    ],
    ['verdict', message],
  ];
}

/** How a release stands: share, samples, evidence of each gate as a bar, and the verdict. */
export function releaseView(release: Release, nowMs: number): string {
  const { metadata, spec, status } = release;
  const lines = facts([
    ['release', metadata.name],
    ['deployment', spec.deployment],
    ['from', status?.stable?.version],
    ['to', spec.version],
    ['state', `${status?.state ?? 'pending'}, for ${ageText(status?.since, nowMs)}`],
    ...progress(release),
  ]);
  const rows = status?.gates?.map((gate) => gateRow(gate, spec.alpha)) ?? [];
  return rows.length === 0 ? lines : `${lines}\n\n${table(headings, rows)}`;
}
