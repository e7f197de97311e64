/**
 * How well the engine of a scenario is predicted from a data sheet (`engine.hardware`), by model and GPU.
 *
 * Two real runs of vLLM (300 requests of ShareGPT's lengths at 10 requests/s) are simulated request by request. Then
 * measured serving points of AIConfigurator, each a number of callers that ask again as soon as they are answered; the
 * few constants of the prediction were found on every other of them, and the errors are those of the rest. What is
 * measured and how it was changed: `bench/data/gpu-perf`.
 *
 *     npm run bench:engine-models -- [--every 1]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { scenarioHardware, scenarioSchema, type Scenario, type ScenarioHardware } from '#schema';
import { predictEngine, runScenario, type Run } from '#sim';
import { median } from './harness/median.ts';
import { printResult, printTable } from './harness/result.ts';

const { values: options } = parseArgs({ options: { every: { type: 'string', default: '1' } } });

const folder = fileURLToPath(new URL('data/gpu-perf/', import.meta.url));

function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  const text = gunzipSync(readFileSync(folder + file)).toString('utf8');
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at] ?? '', cell])));
}

/** Mean and 99th percentile of the time to the first token, and the mean time per further token. */
interface Times {
  readonly ttftMs: number;
  readonly ttftP99Ms: number;
  readonly tpotMs: number;
}

function timesOf({ summary }: Run): Times {
  return { ttftMs: summary.ttftMs.mean, ttftP99Ms: summary.ttftMs.p99, tpotMs: summary.tpotMs.mean };
}

const served = z.object({
  t_s: z.coerce.number(),
  output_tokens: z.coerce.number(),
  first_token_s: z.coerce.number(),
  last_token_s: z.coerce.number(),
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function measuredTimes(file: string): Times {
  const rows = rowsOf(file).map((row) => served.parse(row));
  const ttft = rows.map((row) => (row.first_token_s - row.t_s) * 1000).toSorted((a, b) => a - b);
  const long = rows.filter((row) => row.output_tokens > 1);
  const tpot = long.map((row) => ((row.last_token_s - row.first_token_s) * 1000) / (row.output_tokens - 1));
  return {
    ttftMs: mean(ttft),
    ttftP99Ms: ttft[Math.ceil(ttft.length * 0.99) - 1] ?? NaN,
    tpotMs: mean(tpot),
  };
}

function scenarioOf(hardware: ScenarioHardware, more: object): Scenario {
  return scenarioSchema.parse({
    name: 'predicted',
    engine: { hardware, sequencesMax: 1024, stepTokensMax: 2048 },
    limits: { queueDepthMax: 100_000, holdMs: 3_600_000 },
    ...more,
  });
}

function errorOf(predicted: number, measured: number): number {
  return predicted / measured - 1;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** As the runs were configured. */
const sequencesMax = { rtx_4090: 256, rtx_pro_6000: 128 };

/** A vLLM run, request by request. */
async function replayRun(gpu: keyof typeof sequencesMax): Promise<{ predicted: Times; measured: Times }> {
  const file = `vllm-${gpu}.csv.gz`;
  const hardware = scenarioHardware.parse({ gpu, model: 'llama-3.1-8b' });
  if (hardware === undefined) throw new Error('no hardware');
  const scenario = scenarioOf(hardware, {
    durationS: 600,
    // Its prefix cache was on.
    engine: { hardware, sequencesMax: sequencesMax[gpu], stepTokensMax: 2048, prefixTokens: 100_000 },
    workloads: [{ kind: 'file', path: folder + file }],
  });
  return { predicted: timesOf(await runScenario(scenario)), measured: measuredTimes(file) };
}

const point = z.object({
  gpu: z.enum(['h100_sxm', 'h200_sxm', 'b200_sxm']),
  model: z.enum(['llama-3.1-8b', 'llama-3.1-70b', 'qwen3-32b']),
  precision: z.enum(['bf16', 'fp8']),
  backend: z.string(),
  gpus: z.coerce.number(),
  isl: z.coerce.number(),
  osl: z.coerce.number(),
  concurrency: z.coerce.number(),
  ttft_ms: z.coerce.number(),
  tpot_ms: z.coerce.number(),
});
type Point = z.infer<typeof point>;

/** So many answers each caller gets. */
const rounds = 4;

/** Callers that ask again as soon as they are answered, as long as each needs for its rounds. */
async function predict({ gpu, model, precision, gpus, ...load }: Point): Promise<Times> {
  const hardware = { gpu, model, precision, gpus };
  const { curve } = predictEngine(hardware);
  const tokens = load.concurrency * (load.isl + load.osl / 2);
  const stepMs = curve.stepMs + curve.sequenceMs * load.concurrency + curve.contextMs * tokens;
  const roundMs = load.osl * stepMs + curve.prefillMs * load.isl * load.concurrency;
  const workload = {
    kind: 'closed',
    clients: load.concurrency,
    prompt: { mean: load.isl },
    output: { mean: load.osl },
  };
  return timesOf(
    await runScenario(scenarioOf(hardware, { durationS: (rounds * roundMs) / 1000, workloads: [workload] })),
  );
}

interface Judged {
  readonly name: string;
  readonly ttft: number;
  readonly tpot: number;
}

async function judgePoints(): Promise<readonly Judged[]> {
  const every = Number(options.every);
  const reported = rowsOf('silicon.csv.gz').filter((_, at) => at % 2 === 1);
  const judged: Judged[] = [];
  for (const row of reported.filter((_, at) => at % every === 0)) {
    const measured = point.parse(row);
    const predicted = await predict(measured);
    judged.push({
      name: `${measured.model} ${measured.precision}, ${measured.gpu}, ${measured.backend}`,
      ttft: errorOf(predicted.ttftMs, measured.ttft_ms),
      tpot: errorOf(predicted.tpotMs, measured.tpot_ms),
    });
  }
  return judged;
}

function medianSize(errors: readonly number[]): number {
  return median(errors.map(Math.abs));
}

function byName(all: readonly Judged[]): readonly (readonly Judged[])[] {
  const names = [...new Set(all.map(({ name }) => name))];
  return names.map((name) => all.filter((one) => one.name === name));
}

const runs = {
  rtx_4090: await replayRun('rtx_4090'),
  rtx_pro_6000: await replayRun('rtx_pro_6000'),
};
console.log('Llama 3.1 8B, vLLM 0.19, predicted / measured');
printTable([
  ['', 'TTFT mean ms', 'TTFT p99 ms', 'TPOT mean ms'],
  ...Object.entries(runs).map(([gpu, { predicted, measured }]) => [
    gpu,
    `${predicted.ttftMs.toFixed(0)} / ${measured.ttftMs.toFixed(0)}`,
    `${predicted.ttftP99Ms.toFixed(0)} / ${measured.ttftP99Ms.toFixed(0)}`,
    `${predicted.tpotMs.toFixed(2)} / ${measured.tpotMs.toFixed(2)}`,
  ]),
]);

const judged = await judgePoints();
console.log('\nAIConfigurator, median of what was not tuned on');
printTable([
  ['', 'points', 'TPOT error', 'its bias', 'TTFT error', 'its bias'],
  ...byName(judged).map((list) => [
    list[0]?.name ?? '',
    String(list.length),
    percent(medianSize(list.map(({ tpot }) => tpot))),
    percent(median(list.map(({ tpot }) => tpot))),
    percent(medianSize(list.map(({ ttft }) => ttft))),
    percent(median(list.map(({ ttft }) => ttft))),
  ]),
]);
printResult({
  tpot_error: medianSize(judged.map(({ tpot }) => tpot)),
  ttft_error: medianSize(judged.map(({ ttft }) => ttft)),
  points: judged.length,
  rtx_4090_tpot_error: errorOf(runs.rtx_4090.predicted.tpotMs, runs.rtx_4090.measured.tpotMs),
  rtx_4090_ttft_error: errorOf(runs.rtx_4090.predicted.ttftMs, runs.rtx_4090.measured.ttftMs),
  rtx_pro_6000_tpot_error: errorOf(runs.rtx_pro_6000.predicted.tpotMs, runs.rtx_pro_6000.measured.tpotMs),
  rtx_pro_6000_ttft_error: errorOf(runs.rtx_pro_6000.predicted.ttftMs, runs.rtx_pro_6000.measured.ttftMs),
});
