import { figureNames, type Estimates } from './repeated.ts';
import type { Spread, Summary } from './summary.ts';

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
  ['in time', ({ attained }) => percent(attained)],
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

/** Rows of text: what, then a column for each run. */
export function reportRows(summaries: readonly Summary[]): readonly (readonly string[])[] {
  return lines.map(([what, tell]) => [what, ...summaries.map(tell)]);
}

/** Rows of text with the interval of each figure, a column for each scenario. */
export function estimateRows(all: readonly Estimates[]): readonly (readonly string[])[] {
  return figureNames.map((figure) => [
    figure,
    ...all.map((estimates) => {
      const { mean, margin } = estimates[figure];
      const digits = Math.abs(mean) < 10 ? 4 : 1;
      return `${plain(mean, digits)} ± ${plain(margin, digits)}`;
    }),
  ]);
}
