import type { Run } from '../world/run-scenario.ts';
import type { TimelinePoint } from '../world/timeline.ts';
import { chartSvg, escaped, type Chart } from './chart.ts';
import { isRepeated, reportRows, type NamedRuns } from './terminal-table.ts';

/** What charts show of a scenario: its first seed. */
interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1e293b}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .75rem;text-align:right;border-bottom:1px solid #e2e8f0}
td:first-child,th:first-child{text-align:left}figure{margin:1.5rem 0}figcaption{font-weight:600}figcaption span{font-weight:400}
svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#475569}.grid{stroke:#e2e8f0}
@media(prefers-color-scheme:dark){body{background:#0f172a;color:#e2e8f0}td,th{border-color:#334155}.grid{stroke:#334155}svg text{fill:#94a3b8}}`;

function table(all: readonly NamedRuns[]): string {
  const head = ['', ...all.map(({ name }) => name)].map((name) => `<th>${escaped(name)}</th>`).join('');
  const rows = reportRows(all).map(
    (cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function seedsText(all: readonly NamedRuns[]): string {
  const seeds = all.map(({ name, runs }) => `${name}: seed ${runs.map(({ seed }) => seed).join(', ')}`);
  const note = isRepeated(all) ? '. ± is the 95 % interval over the seeds; the charts show the first.' : '';
  return `${seeds.join('; ')}${note}`;
}

function lineOf(run: Run, value: (point: TimelinePoint) => number): readonly (readonly [number, number])[] {
  return run.timeline.map((point) => [point.atS, value(point)] as const);
}

function charts(runs: readonly NamedRun[]): readonly Chart[] {
  const over = (title: string, unit: string, value: (point: TimelinePoint) => number): Chart => ({
    title,
    unit,
    series: runs.map(({ name, run }) => ({ name, points: lineOf(run, value) })),
  });
  return [
    over('Replicas that answer', '', ({ ready }) => ready),
    over('Requests inside', '', ({ inside }) => inside),
    over('Requests waiting', '', ({ waiting }) => waiting),
    over('Computing share of ready replicas', '', ({ utilisation }) => utilisation),
  ];
}

/** One page that needs nothing else: the figures side by side, and how each run went over time. */
export function htmlPage(title: string, all: readonly NamedRuns[]): string {
  const firsts = all.flatMap(({ name, runs: [run] }) => (run === undefined ? [] : [{ name, run }]));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head><body><h1>${escaped(title)}</h1>${table(all)}${charts(firsts).map(chartSvg).join('')}<p>${escaped(seedsText(all))}</p></body></html>\n`;
}
