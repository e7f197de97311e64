import type { Release } from '@millrace/sdk';
import { facts, table } from './table.ts';
import { ageText } from './units.ts';

/** What a gate's row shows, and how. */
interface Look {
  readonly barWidth: number;
  readonly bounds: boolean;
}

const wide: Look = { barWidth: 20, bounds: true };
/** For terminals on which the wide one would be broken; the bounds are in the record. */
const narrow: Look = { barWidth: 17, bounds: false };
const wideColumnsMin = 110;

/** A bar on the scale of orders of magnitude: full when the evidence is as strong as a rollback needs. */
function evidenceBar(evidence: number, alpha: number, barWidth: number): string {
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

function boundsOf({ ratioBound, riseBound }: Gate): readonly string[] {
  const ratio = ratioBound === undefined ? '?' : `≤ ${rounded(ratioBound)} ×`;
  return [ratio, `≤ +${rounded(Math.max(0, riseBound) * 100)} %`];
}

function gateRow(gate: Gate, alpha: number, { barWidth, bounds }: Look): readonly string[] {
  return [
    gate.name,
    evidenceBar(gate.evidence, alpha, barWidth),
    odds(gate.evidence),
    seen(gate.candidate),
    seen(gate.stable),
    ...(bounds ? boundsOf(gate) : []),
    gate.passes ? 'passed' : 'open',
  ];
}

function headingsOf({ bounds }: Look): readonly string[] {
  const beside = bounds ? ['RATIO', 'RISE'] : [];
  return ['GATE', 'EVIDENCE FOR HARM', '', 'NEW: BAD', 'OLD: BAD', ...beside, ''];
}

function gateTable({ spec, status }: Release, look: Look): string {
  const rows = status?.gates?.map((gate) => gateRow(gate, spec.alpha, look)) ?? [];
  return rows.length === 0 ? '' : table(headingsOf(look), rows);
}

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

/** How a release stands, on lines of so many characters: share, samples, evidence of each gate as a bar, the verdict. */
export function releaseView(release: Release, nowMs: number, columns = Infinity): string {
  const { metadata, spec, status } = release;
  const lines = facts([
    ['release', metadata.name],
    ['deployment', spec.deployment],
    ['from', status?.stable?.version],
    ['to', spec.version],
    ['state', `${status?.state ?? 'pending'}, for ${ageText(status?.since, nowMs)}`],
    ...progress(release),
  ]);
  const gates = gateTable(release, columns < wideColumnsMin ? narrow : wide);
  return gates === '' ? lines : `${lines}\n\n${gates}`;
}
