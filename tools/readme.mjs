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
  const facts = [
    `${rounded(g.requests_per_s_core)} requests/s on one core`,
    g.ratio_to_portkey && `${rounded(g.ratio_to_portkey)} × Portkey's`,
    `${rounded(g.sse_cpu_us_per_chunk)} µs of CPU per streamed chunk`,
    `${rounded(g.added_p50_us)} µs added at the median`,
    g.streams_1000_added_p99_ms &&
      `${rounded(g.streams_1000_added_p99_ms)} ms added at p99 with 1,000 streams of 50 chunks/s open`,
    g.memory_late_mib &&
      `${Math.round(g.memory_late_mib)} MiB of memory at most at the end of a million requests (${Math.round(g.memory_early_mib)} in the first fifth)`,
  ];
  return [
    '| gateway in front of the same upstream | CPU µs per request of 1 KB |',
    '|---|--:|',
    ...rows,
    '',
    `Millrace carries ${facts.filter(Boolean).join(', ')} (\`npm run bench:gateway\`).`,
  ];
}

function engineFigures(e) {
  const at = (batch) =>
    `${rounded(e[`batch${batch}_tokens_per_s`])} tokens/s with ${batch} request${batch > 1 ? 's' : ''} at once (${e[`batch${batch}_ratio`].toFixed(2)} of the engine alone)`;
  return [`The demo model streams ${at(1)} and ${at(8)} through the gateway (\`npm run bench:engine\`).`];
}

const percent = (part) => `${Number((part * 100).toPrecision(4))} %`;

/** One sentence for each bench that was run; what it printed is in bench/results.json. */
const sentences = {
  batching: (b) => [
    b.live_throughput_ratio &&
      `Batching on the ONNX engine: ${rounded(b.live_throughput_ratio)} × the throughput at ${rounded(b.live_latency_ratio)} × the latency, ${rounded(b.live_goodput_to_bound)} of the possible goodput at 99 % in time.`,
    `In simulation, mean of 18 settings: ${rounded(b.grid_goodput_to_bound)} of the possible (\`npm run bench:batching\`).`,
  ],
  routing: (r) => [
    `Routing on Mooncake's conversations: mean time to the first token ${rounded(r.ttft_to_bound)} × the bound of one shared cache; least work ${rounded(r.least_work_to_bound)} ×, round-robin ${rounded(r.round_robin_to_bound)} × (\`npm run bench:routing\`).`,
  ],
  overload: (o) => [
    `At 2 and 5 times its capacity it serves ${percent(o.goodput_to_bound_2x)} and ${percent(o.goodput_to_bound_5x)} of what is possible in time, ${percent(o.critical_2x)} of critical requests, and is itself again ${rounded(o.recovery_s)} s after a spike (\`npm run bench:overload\`).`,
    o.slow_replica_goodput &&
      `With one of four replicas forty times as slow ${percent(o.slow_replica_goodput)} of requests are answered in time at the first attempt, with one that fails ${percent(o.failing_replica_goodput)}; clients that choose a replica by chance get ${percent(o.failing_replica_goodput_by_chance)}.`,
  ],
  fairness: (f) => [
    `Beside an aggressor at ten times its share: gap ${rounded(f.gap_to_bound_max)} of the theoretical bound, a victim's p99 ${rounded(f.victim_p99_ratio)} × alone, ${percent(f.utilisation)} utilisation (\`npm run bench:fairness\`).`,
  ],
  canary: (c) => [
    `Of 10,000 releases of an equal version ${percent(c.false_rollback)} were rolled back; errors × 3 are found after ${rounded(c.delay_to_wald_3x)} × the least number of bad events that can prove it (\`npm run bench:canary\`).`,
  ],
  release: (r) => [
    `While an embedded model is switched or updated, ${r.failed_requests} requests fail; the slowest hundredth takes ${rounded(r.blue_green_p99_ratio)} (blue/green) and ${rounded(r.rolling_p99_ratio)} (rolling) × as long as before; a rollback is in force ${r.rollback_ms} ms after its decision (\`npm run bench:release\`).`,
  ],
};

function figures({ date, machine, results }) {
  const where = `${machine.cores} cores of ${machine.cpu.replaceAll(/\s+/g, ' ')}, Node ${machine.node}, ${date}`;
  const others = Object.entries(sentences).flatMap(([bench, tell]) =>
    results[bench] === undefined ? [] : ['', tell(results[bench]).filter(Boolean).join(' ')],
  );
  return [
    ...gatewayFigures(results.gateway),
    '',
    ...engineFigures(results.engine),
    ...others,
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
