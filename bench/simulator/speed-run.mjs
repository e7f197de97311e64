// Times the built simulator, in a process of its own without the sources' loader, which slows closures down.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parse } from 'yaml';
import { scenarioSchema } from '../../dist/schema/index.js';
import { runScenario } from '../../dist/sim/index.js';

const rounds = 9;
const warmups = 3;
const path = new URL('../../examples/scenarios/eight-replicas.yaml', import.meta.url);
const hour = scenarioSchema.parse(parse(readFileSync(path, 'utf8')));

async function cost(scenario) {
  const startMs = performance.now();
  const { summary } = await runScenario(scenario);
  return { seconds: (performance.now() - startMs) / 1000, requests: summary.requests };
}

const costs = [];
for (let round = 0; round < warmups + rounds; round++) costs.push((await cost(hour)).seconds);
const middle = costs.slice(warmups).toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
const scaled = { ...hour, replicas: { min: 4, max: 12 }, scaling: { ...hour.scaling, policy: 'kpa' } };
const controlled = await cost(scaled);
const residentBefore = process.memoryUsage().rss;
const million = await cost({ ...hour, durationS: 90_000 });
console.log(
  JSON.stringify({
    speedup: hour.durationS / middle,
    speedup_controlled: scaled.durationS / controlled.seconds,
    million_requests: million.requests,
    million_requests_s: million.seconds,
    million_requests_mib: (process.memoryUsage().rss - residentBefore) / 2 ** 20,
  }),
);
