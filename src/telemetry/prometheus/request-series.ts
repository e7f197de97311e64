import type { RequestSample } from '#contracts';

/** Upper bounds in milliseconds. From a cache hit to a long answer. */
const boundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000];

/** More label combinations than this are counted by status and endpoint alone, under `other`: a client must not be able to fill the memory. */
const seriesMax = 2000;
const other = 'other';

const histograms = [
  {
    name: 'millrace_request_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    field: 'totalMs',
  },
  {
    name: 'millrace_first_byte_seconds',
    help: 'From the arrival of a request to the first byte of its answer.',
    field: 'firstByteMs',
  },
  { name: 'millrace_queue_seconds', help: 'How long requests waited for a replica.', field: 'queueMs' },
] as const;

/** Per histogram: its buckets, one more for what exceeds them all, and the sum. */
const width = boundsMs.length + 2;
const overflowAt = boundsMs.length;
const sumAt = boundsMs.length + 1;

interface Series {
  readonly labels: string;
  count: number;
  promptTokens: number;
  completionTokens: number;
  readonly cells: Float64Array;
}

function bucketOf(valueMs: number): number {
  let at = 0;
  while (at < overflowAt && valueMs > (boundsMs[at] ?? 0)) at++;
  return at;
}

/** A label's value as the text format wants it. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function openSeries({ endpoint, deployment, tenant, status }: RequestSample): Series {
  return {
    labels: `endpoint=${quoted(endpoint)},deployment=${quoted(deployment)},tenant=${quoted(tenant)},status="${status}"`,
    count: 0,
    promptTokens: 0,
    completionTokens: 0,
    cells: new Float64Array(width * histograms.length),
  };
}

function add(series: Series, sample: RequestSample): void {
  series.count += 1;
  series.promptTokens += sample.promptTokens;
  series.completionTokens += sample.completionTokens;
  for (let index = 0; index < histograms.length; index++) {
    const valueMs = sample[histograms[index]?.field ?? 'totalMs'];
    const from = index * width;
    series.cells[from + bucketOf(valueMs)] = (series.cells[from + bucketOf(valueMs)] ?? 0) + 1;
    series.cells[from + sumAt] = (series.cells[from + sumAt] ?? 0) + valueMs;
  }
}

function histogramLines({ labels, count, cells }: Series, index: number): string[] {
  const name = histograms[index]?.name ?? '';
  const from = index * width;
  const lines: string[] = [];
  let below = 0;
  for (const [at, boundMs] of boundsMs.entries()) {
    below += cells[from + at] ?? 0;
    lines.push(`${name}_bucket{${labels},le="${boundMs / 1000}"} ${below}`);
  }
  lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
  lines.push(
    `${name}_sum{${labels}} ${(cells[from + sumAt] ?? 0) / 1000}`,
    `${name}_count{${labels}} ${count}`,
  );
  return lines;
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function exposition(all: readonly Series[]): string {
  const lines = head('millrace_requests_total', 'counter', 'Requests finished.');
  for (const { labels, count } of all) lines.push(`millrace_requests_total{${labels}} ${count}`);
  lines.push(...head('millrace_tokens_total', 'counter', 'Tokens, as the engine reports them.'));
  for (const { labels, promptTokens, completionTokens } of all) {
    lines.push(`millrace_tokens_total{${labels},kind="prompt"} ${promptTokens}`);
    lines.push(`millrace_tokens_total{${labels},kind="completion"} ${completionTokens}`);
  }
  for (const [index, { name, help }] of histograms.entries()) {
    lines.push(...head(name, 'histogram', help));
    for (const series of all) lines.push(...histogramLines(series, index));
  }
  return `${lines.join('\n')}\n`;
}

export interface RequestSeries {
  add(sample: RequestSample): void;
  /** Prometheus text. */
  exposition(): string;
}

/**
 * Counts requests in typed arrays, one for each combination of labels: a sample costs a look-up and a few additions,
 * and text is made only when somebody scrapes.
 */
export function createRequestSeries(): RequestSeries {
  const series = new Map<string, Series>();

  function find(sample: RequestSample): Series {
    const key = `${sample.status} ${sample.endpoint} ${sample.deployment} ${sample.tenant}`;
    const known = series.get(key);
    if (known !== undefined) return known;
    if (series.size >= seriesMax && sample.deployment !== other)
      return find({ ...sample, deployment: other, tenant: other });
    const opened = openSeries(sample);
    series.set(key, opened);
    return opened;
  }

  return {
    add(sample) {
      add(find(sample), sample);
    },
    exposition: () => exposition([...series.values()]),
  };
}
