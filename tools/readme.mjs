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

function figures({ date, machine, results }) {
  const where = `${machine.cores} cores of ${machine.cpu.replaceAll(/\s+/g, ' ')}, Node ${machine.node}, ${date}`;
  return [
    ...gatewayFigures(results.gateway),
    '',
    ...engineFigures(results.engine),
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
