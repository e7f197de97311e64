/**
 * Runs every bench and keeps its RESULT line in `results.json`, from which the README's figures are made. With names it
 * runs those, and keeps what is known of the others: `npm run bench:all -- gateway engine`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const benches = [
  'gateway',
  'engine',
  'batching',
  'routing',
  'canary',
  'release',
  'overload',
  'fairness',
  'scaling',
  'simulator',
  'engine-models',
  'tasks',
] as const;
const resultLine = z.record(z.string(), z.number());

async function run(bench: string): Promise<Readonly<Record<string, number>>> {
  console.log(`— bench:${bench}`);
  const script = fileURLToPath(new URL(`${bench}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], {
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    if (line.startsWith('RESULT ')) last = line.slice('RESULT '.length);
  }
  const code = await ended;
  if (code !== 0 || last === '')
    throw new Error(`bench:${bench} ended with code ${code ?? 'none'} and no RESULT`);
  return resultLine.parse(JSON.parse(last));
}

const target = fileURLToPath(new URL('results.json', import.meta.url));
const known = z.object({ results: z.record(z.string(), resultLine) });
const wanted = process.argv.slice(2);
const kept =
  wanted.length > 0 && existsSync(target)
    ? known.parse(JSON.parse(readFileSync(target, 'utf8'))).results
    : {};
const results: Record<string, Readonly<Record<string, number>>> = { ...kept };
const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory_gib: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
};
const date = new Date().toISOString().slice(0, 10);
function keep(): void {
  writeFileSync(target, `${JSON.stringify({ date, machine, results }, undefined, 2)}\n`);
}

for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench)) continue;
  results[bench] = await run(bench);
  // After each: a bench that fails does not take what the others found with it.
  keep();
}
console.log('Written to bench/results.json. `npm run generate` puts the figures into the README.');
