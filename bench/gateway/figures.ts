import { median } from '../harness/median.ts';
import type { Sample } from './measure.ts';

export const workloadNames = ['small', 'large', 'stream', 'latency'] as const;
export type Workload = (typeof workloadNames)[number];
export type Samples = Readonly<Record<Workload, Sample[]>>;

/** What one contender comes to: medians over its rounds. CPU figures are NaN where it has no process of its own. */
export function figuresOf(samples: Samples) {
  const over = (workload: Workload, value: (sample: Sample) => number): number =>
    median(samples[workload].map((sample) => value(sample)));
  const cpuPer = (workload: Workload, unit: 'done' | 'chunks'): number =>
    over(workload, ({ cpuUs = Number.NaN, report }) => cpuUs / report[unit]);
  return {
    cpuUs: cpuPer('small', 'done'),
    largeCpuUs: cpuPer('large', 'done'),
    chunkCpuUs: cpuPer('stream', 'chunks'),
    requestsPerS: over('small', ({ report }) => report.done / report.seconds),
    p50Us: over('latency', ({ report }) => report.latency_p50_us),
    p99Us: over('latency', ({ report }) => report.latency_p99_us),
    chunkP50Us: over('stream', ({ report }) => report.chunk_delay_p50_us),
    chunkP99Us: over('stream', ({ report }) => report.chunk_delay_p99_us),
  };
}

export type Figures = ReturnType<typeof figuresOf>;

function shown(value: number): string {
  return Number.isFinite(value) ? value.toFixed(Math.abs(value) < 100 ? 1 : 0) : '–';
}

export function tableOf(all: ReadonlyMap<string, Figures>): readonly (readonly string[])[] {
  const base = all.get('direct');
  return [
    ['', 'req/s', 'CPU µs/req', 'at 100 KB', 'CPU µs/chunk', '+p50 µs', '+p99 µs', 'chunk p50 µs', 'p99 µs'],
    ...[...all].map(([name, f]) => [
      name,
      f.requestsPerS.toFixed(0),
      shown(f.cpuUs),
      shown(f.largeCpuUs),
      shown(f.chunkCpuUs),
      shown(f.p50Us - (base?.p50Us ?? Number.NaN)),
      shown(f.p99Us - (base?.p99Us ?? Number.NaN)),
      shown(f.chunkP50Us),
      shown(f.chunkP99Us),
    ]),
  ];
}

/** The RESULT line; what could not be measured is NaN and left out there. */
export function resultOf(all: ReadonlyMap<string, Figures>): Readonly<Record<string, number>> {
  const of = (name: string, figure: keyof Figures): number => all.get(name)?.[figure] ?? Number.NaN;
  const own = (figure: keyof Figures): number => of('millrace', figure);
  const costs = [...all.keys()].map(
    (name) => [`${name.replaceAll('-', '_')}_cpu_us`, of(name, 'cpuUs')] as const,
  );
  return {
    ...Object.fromEntries(costs),
    cpu_ratio_to_relay: own('cpuUs') / of('relay', 'cpuUs'),
    millrace_100kb_cpu_us: own('largeCpuUs'),
    requests_per_s_core: own('requestsPerS'),
    ratio_to_portkey: own('requestsPerS') / of('portkey', 'requestsPerS'),
    portkey_cpu_ratio_to_millrace: of('portkey', 'cpuUs') / own('cpuUs'),
    sse_cpu_us_per_chunk: own('chunkCpuUs'),
    relay_sse_cpu_us_per_chunk: of('relay', 'chunkCpuUs'),
    portkey_sse_cpu_us_per_chunk: of('portkey', 'chunkCpuUs'),
    added_p50_us: own('p50Us') - of('direct', 'p50Us'),
    added_p99_us: own('p99Us') - of('direct', 'p99Us'),
  };
}
