import { stringify } from 'yaml';
import { table } from '../format/table.ts';
import type { FittedEngine } from './fit-engine.ts';
import type { Benched, Level } from './measure.ts';

function ms(value: number): string {
  return Number.isNaN(value) ? '-' : value < 10 ? value.toFixed(2) : value.toFixed(0);
}

function rowOf({ concurrency, requests, firstTokenMs, tokenMs, totalMs, ...rates }: Level): string[] {
  return [
    String(concurrency),
    String(requests),
    `${ms(firstTokenMs.p50)} / ${ms(firstTokenMs.p99)}`,
    `${ms(tokenMs.p50)} / ${ms(tokenMs.p99)}`,
    `${ms(totalMs.p50)} / ${ms(totalMs.p99)}`,
    rates.requestsPerS.toFixed(1),
    rates.outputTokensPerS.toFixed(0),
  ];
}

const headings = [
  'AT ONCE',
  'REQUESTS',
  'FIRST TOKEN ms (p50 / p99)',
  'EACH FURTHER ms',
  'WHOLE ms',
  'REQUESTS/s',
  'TOKENS/s',
];

function short(value: number): number {
  return Number(value.toPrecision(3));
}

/** As `engine` of a scenario has it. */
function scenarioEngine({ stepMs, promptTokenMs, sequenceMs, networkMs }: FittedEngine) {
  return {
    engine: {
      stepMs: short(stepMs),
      ...(promptTokenMs > 0 && { prefillTokensPerS: short(1000 / promptTokenMs) }),
      sequenceMs: short(sequenceMs),
      networkMs: short(networkMs),
    },
  };
}

/** A table of what callers saw, and what the simulator takes, where that is of one replica. */
export function benchText({ levels, engine }: Benched, replicas: number): string {
  const seen = table(headings, levels.map(rowOf));
  const isMeasured = engine.stepMs + engine.sequenceMs > 0;
  if (replicas !== 1)
    return `${seen}\n\n${replicas} replicas answered: scale to 1 to measure one, as the simulator takes it.`;
  if (!isMeasured) return `${seen}\n\nAnswers were too short to tell what a token costs.`;
  return `${seen}\n\nFor a scenario (millrace simulate):\n\n${stringify(scenarioEngine(engine)).trimEnd()}`;
}
