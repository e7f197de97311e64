/**
 * Writes the README's figures between their markers from bench/results.json, so that no figure there is older than
 * the last `npm run bench:all` and none was typed by hand. With `--check` it only says whether they agree.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { root } from './setup/install.mjs';

const begin = '<!-- figures:begin -->';
const end = '<!-- figures:end -->';

const contenders = [
  ['relay_cpu_us', 'byte relay in C, no HTTP: the floor'],
  ['nginx_cpu_us', 'nginx'],
  ['node_minimal_cpu_us', 'the least that `node:http` and undici can do'],
  ['millrace_cpu_us', '**Millrace**: keys, limits, accounting and metrics on'],
  ['portkey_cpu_us', 'Portkey gateway 1.15.2'],
];

function rounded(value) {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(2)));
}

function gatewayFigures(g) {
  const rows = contenders
    .filter(([name]) => g[name] !== undefined)
    .map(([name, what]) => `| ${what} | ${rounded(g[name])} |`);
  return ['| gateway in front of the same upstream | CPU µs per request of 1 KB |', '|---|--:|', ...rows];
}

const percent = (part) => `${Number((part * 100).toPrecision(3))} %`;
const times = (ratio) => `${Number(ratio.toPrecision(3))} ×`;

/** For each bench what was measured: what it is, the figure, and what stands beside it. */
const rowsOf = {
  gateway: (g) => [
    [
      'requests of 1 KB on one core',
      `${rounded(g.requests_per_s_core)}/s`,
      `${times(g.ratio_to_portkey)} Portkey`,
    ],
    [
      'CPU for each streamed chunk',
      `${rounded(g.sse_cpu_us_per_chunk)} µs`,
      `the relay in C ${rounded(g.relay_sse_cpu_us_per_chunk)}, Portkey ${rounded(g.portkey_sse_cpu_us_per_chunk)}`,
    ],
    ['added at the median, 250 requests/s', `${rounded(g.added_p50_us)} µs`, ''],
    [
      'added to a chunk at p99, 1,000 streams of 50 chunks/s',
      `${rounded(g.streams_1000_added_p99_ms)} ms`,
      `the relay in C ${rounded(g.streams_1000_relay_added_p99_ms)}`,
    ],
    [
      'memory at most at the end of a million requests',
      `${Math.round(g.memory_late_mib)} MiB`,
      `${Math.round(g.memory_early_mib)} in the first fifth`,
    ],
  ],
  engine: (e) =>
    [1, 8].map((batch) => [
      `tokens of the demo model, ${batch} request${batch > 1 ? 's' : ''} at once`,
      `${rounded(e[`batch${batch}_tokens_per_s`])}/s`,
      `${percent(e[`batch${batch}_ratio`])} of the engine alone`,
    ]),
  batching: (b) => [
    [
      'batches on the ONNX engine',
      `${times(b.live_throughput_ratio)} the throughput`,
      `at ${times(b.live_latency_ratio)} the latency of one by one`,
    ],
    [
      'goodput with 99 % in time, through the gateway',
      `${rounded(b.live_goodput_per_s)}/s`,
      `the engine asked directly could do ${rounded(b.live_bound_per_s)}`,
    ],
    [
      'simulated goodput, mean of 18 settings',
      `${percent(b.grid_goodput_to_bound)} of the possible`,
      `fixed delay ${percent(b.grid_fixed_delay_to_bound)}, AIMD ${percent(b.grid_aimd_to_bound)}`,
    ],
  ],
  routing: (r) => [
    [
      "mean time to the first token, Mooncake's conversations",
      `${times(r.ttft_to_bound)} the bound`,
      `least work ${times(r.least_work_to_bound)}, round-robin ${times(r.round_robin_to_bound)}`,
    ],
  ],
  overload: (o) => [
    [
      'answered in time at 5 times the capacity',
      `${percent(o.goodput_to_bound_5x)} of the possible`,
      `critical requests at 2 times: ${percent(o.critical_2x)}`,
    ],
    [
      'in time at the first attempt, one of four replicas failing',
      percent(o.failing_replica_goodput),
      `clients that choose by chance ${percent(o.failing_replica_goodput_by_chance)}`,
    ],
  ],
  fairness: (f) => [
    [
      "a victim's p99 beside an aggressor at ten times its share",
      `${times(f.victim_p99_ratio)} alone`,
      `${percent(f.utilisation)} utilisation`,
    ],
  ],
  scaling: (s) =>
    [30, 120, 300].map((cold) => [
      `replica-hours at 99 % in time, cold start ${cold} s`,
      `${times(s[`ratio_${cold}s_99`])} the clairvoyant bound`,
      `the best other policy ${times(s[`best_other_ratio_${cold}s_99`])}`,
    ]),
  simulator: (s) => [
    [
      'simulated against live, timed engines',
      `mean ${percent(s.mean_error)}, p99 ${percent(s.p99_error)} off`,
      `${rounded(s.speedup)} times as fast as it happens`,
    ],
  ],
  tasks: (t) => [
    [
      'durable tasks submitted one by one to PostgreSQL',
      `${rounded(t.pg_single_per_s)}/s`,
      `pg-boss ${rounded(t.pgboss_single_per_s)}, graphile-worker ${rounded(t.graphile_single_per_s)}`,
    ],
    [
      'from submit to start at p99, idle queue',
      `${rounded(t.start_ms_p99)} ms`,
      `graphile-worker ${rounded(t.graphile_start_ms_p99)}, pg-boss ${rounded(t.pgboss_start_ms_p99)}`,
    ],
  ],
  canary: (c) => [
    [
      'equal versions rolled back falsely',
      percent(c.false_rollback),
      `Kayenta's rules ${percent(c.kayenta_false_rollback)}`,
    ],
    [
      'bad requests before an error rate of 10 % is rolled back',
      rounded(c.bad_requests_before_rollback),
      `Kayenta's rules ${rounded(c.kayenta_bad_requests_before_rollback)}`,
    ],
  ],
  release: (r) => [
    [
      'p99 while a model is switched, blue/green',
      `${times(r.blue_green_p99_ratio)} before`,
      `rolling ${times(r.rolling_p99_ratio)}; ${r.failed_requests} requests fail`,
    ],
  ],
};

function rowOf(bench, [what, figure, beside]) {
  return `| ${what} | ${figure} | ${beside} | \`bench:${bench}\` |`;
}

function figures({ date, machine, results }) {
  const where = `${machine.cores} cores of ${machine.cpu.replaceAll(/\s+/g, ' ')}, Node ${machine.node}, ${date}`;
  const rows = Object.entries(rowsOf).flatMap(([bench, tell]) =>
    results[bench] === undefined ? [] : tell(results[bench]).map((row) => rowOf(bench, row)),
  );
  return [
    ...gatewayFigures(results.gateway),
    '',
    '| measured | Millrace | beside it, in the same run | `npm run …` |',
    '|---|---|---|---|',
    ...rows,
    '',
    `Measured on ${where}; \`npm run bench:all\` measures again.`,
  ].join('\n');
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const readme = `${root}README.md`;
const source = `${root}bench/results.json`;
if (!existsSync(source)) {
  console.log('There are no bench/results.json yet, so the README keeps its figures.');
  process.exit(0);
}
const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) refuse(`README.md lacks the markers ${begin} and ${end}.`);
const block = `${begin}\n${figures(JSON.parse(readFileSync(source, 'utf8')))}\n${end}`;
const wanted = text.slice(0, from) + block + text.slice(to + end.length);
if (wanted !== text && process.argv.includes('--check'))
  refuse("README.md's figures are not those of bench/results.json: run `npm run generate`.");
if (wanted !== text) writeFileSync(readme, wanted);
