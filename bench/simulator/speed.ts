import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { scenarioSchema, type Scenario } from '#schema';
import { runScenario } from '#sim';
import { median } from '../harness/median.ts';

const path = new URL('../../examples/scenarios/eight-replicas.yaml', import.meta.url);

function scenario(change: Partial<Scenario> = {}): Scenario {
  return { ...scenarioSchema.parse(parse(readFileSync(path, 'utf8'))), ...change };
}

async function cost(given: Scenario): Promise<{ seconds: number; requests: number }> {
  const startMs = performance.now();
  const { summary } = await runScenario(given);
  return { seconds: (performance.now() - startMs) / 1000, requests: summary.requests };
}

const rounds = 9;
const millionS = 90_000;

/** How many times faster than real time eight replicas are simulated; and what a million requests need. */
export async function measureSpeed(): Promise<Readonly<Record<string, number>>> {
  const hour = scenario();
  for (let round = 0; round < 3; round++) await cost(hour);
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) costs.push((await cost(hour)).seconds);
  const speedup = hour.durationS / median(costs);
  const scaled = scenario({ replicas: { min: 4, max: 12 }, scaling: { ...hour.scaling, policy: 'kpa' } });
  const speedupControlled = scaled.durationS / (await cost(scaled)).seconds;
  const residentBefore = process.memoryUsage().rss;
  const million = await cost(scenario({ durationS: millionS }));
  const grownMib = (process.memoryUsage().rss - residentBefore) / 2 ** 20;
  console.log(
    `${hour.name}: ${Math.round(speedup)} times real time, ${Math.round(speedupControlled)} with the control plane inside; ${million.requests} requests in ${million.seconds.toFixed(1)} s, ${grownMib.toFixed(0)} MiB more`,
  );
  return {
    speedup,
    speedup_controlled: speedupControlled,
    million_requests_s: million.seconds,
    million_requests_mib: grownMib,
  };
}
