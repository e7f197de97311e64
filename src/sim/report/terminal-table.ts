import type { Run } from '../world/run-scenario.ts';
import { estimatesOf, figureNames, type Estimate } from './repeated.ts';
import type { Spread, Summary } from './summary.ts';

/** All runs of one scenario, one for each seed. */
export interface NamedRuns {
  readonly name: string;
  readonly runs: readonly Run[];
}

function plain(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US', { maximumFractionDigits: digits }) : '–';
}

function percent(share: number): string {
  return `${plain(share * 100, 2)} %`;
}

function spread(ms: Spread): string {
  const digits = ms.p99 < 100 ? 1 : 0;
  return [ms.mean, ms.p50, ms.p90, ms.p99].map((value) => plain(value, digits)).join(' / ');
}

function refusedText(refused: Summary['refused']): string {
  const parts = Object.entries(refused).map(([code, count]) => `${plain(count, 0)} ${code}`);
  return parts.length === 0 ? '0' : parts.join(', ');
}

/** What a report tells, in its order. */
const lines: readonly (readonly [string, (summary: Summary) => string])[] = [
  ['requests', ({ requests }) => plain(requests, 0)],
  ['in time', ({ requests, attained }) => (requests === 0 ? 'nobody came' : percent(attained))],
  ['refused', ({ refused }) => refusedText(refused)],
  ['unfinished', ({ unfinished }) => plain(unfinished, 0)],
  ['TTFT ms: mean / p50 / p90 / p99', ({ ttftMs }) => spread(ttftMs)],
  ['TPOT ms: mean / p50 / p90 / p99', ({ tpotMs }) => spread(tpotMs)],
  ['latency ms: mean / p50 / p90 / p99', ({ latencyMs }) => spread(latencyMs)],
  ['goodput, requests/s', ({ goodputPerS }) => plain(goodputPerS, 2)],
  ['tokens/s', ({ tokensPerS }) => plain(tokensPerS, 0)],
  [
    'waiting: mean / most',
    ({ waitingMean, waitingMax }) => `${plain(waitingMean, 1)} / ${plain(waitingMax, 0)}`,
  ],
  ['replicas: mean / most', (of) => `${plain(of.replicasMean, 2)} / ${plain(of.replicasMax, 0)}`],
  ['replica-hours', ({ replicaHours }) => plain(replicaHours, 2)],
  ['cost', ({ cost }) => plain(cost, 2)],
  ['starts and stops', ({ changes }) => plain(changes, 0)],
  ['computing', ({ utilisation }) => percent(utilisation)],
];

function estimateText({ mean, margin }: Estimate): string {
  const digits = Math.abs(mean) < 10 ? 4 : 1;
  return Number.isFinite(mean) ? `${plain(mean, digits)} ± ${plain(margin, digits)}` : '–';
}

/** With several seeds, figures have intervals instead of a story. */
export function isRepeated(all: readonly NamedRuns[]): boolean {
  return all.some(({ runs }) => runs.length > 1);
}

/** Rows of text: what, then a column for each scenario. */
export function reportRows(all: readonly NamedRuns[]): readonly (readonly string[])[] {
  if (isRepeated(all)) {
    const columns = all.map(({ runs }) => estimatesOf(runs));
    return figureNames.map((name) => [name, ...columns.map((column) => estimateText(column[name]))]);
  }
  const columns = all.flatMap(({ runs }) => runs.map(({ summary }) => summary));
  return lines.map(([what, tell]) => [what, ...columns.map(tell)]);
}
