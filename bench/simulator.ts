/**
 * The simulator held against the platform itself, on loopback.
 *
 * Live: the whole platform (keys, admission, order, routing, metrics) before three processes of the fake engine, which
 * takes its time for each step as a language model on an accelerator does. What a step costs is measured through the
 * front door first, each figure alone. Then requests come at random; the same requests at the same moments are told to
 * the simulator with the measured curve, and both are compared: time to the first token as callers see it, and requests
 * whose first token came in time. Once more with other numbers of replicas and places, to see whether the simulator
 * puts them into the order in which they really are (Kendall's tau of the mean time to the first token). All of it is
 * recorded by the platform, and replayed: the same code has to come to the same decisions. Once with the embedded
 * llama engine and the demo model, whose time nobody scripted. Last, how fast it is.
 *
 *     npm run bench:simulator -- [--seconds 60] [--ranked-seconds 12] [--no-llama]
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Replay } from '#sim';
import type { FittedEngine } from '../src/cli/bench/fit-engine.ts';
import { askForPriority } from './harness/process.ts';
import { printResult, printTable } from './harness/result.ts';
import { makeArrivals, type Shape } from './simulator/arrivals.ts';
import { putLoad, type Answer } from './simulator/client.ts';
import { errorOf, figuresOf, kendall, type Figures } from './simulator/figures.ts';
import { measureCurve, type Plan } from './simulator/measure-curve.ts';
import { main, ranked, type Setting } from './simulator/settings.ts';
import { simulate, type Told } from './simulator/simulate.ts';
import { measureSpeed } from './simulator/speed.ts';
import { createStage, type Stage } from './simulator/stage.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'ranked-seconds': { type: 'string', default: '12' },
    llama: { type: 'boolean', default: true },
    speed: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const seconds = Number(options.seconds);
const rankedSeconds = Number(options['ranked-seconds']);
const warmupSeconds = 2;

/** What an engine is, where the simulator is told and not measured. */
interface Bounds {
  readonly stepTokensMax: number;
  readonly sequencesMax: number;
  /** A first token within this is in time. */
  readonly ttftMs: number;
}

interface Compared {
  readonly setting: Setting;
  readonly live: Figures;
  readonly simulated: Figures;
}

interface Trial {
  readonly stage: Stage;
  readonly curve: FittedEngine;
  readonly bounds: Bounds;
  readonly shape: Shape;
}

/** Runs a setting live, then the same requests in the simulator. */
async function compare({ stage, curve, bounds, shape }: Trial, setting: Setting): Promise<Compared> {
  await stage.set(setting);
  const answers: readonly Answer[] = await putLoad(stage.target, makeArrivals(shape));
  const seen = answers.filter(({ sentMs }) => sentMs >= warmupSeconds * 1000);
  const told: Told = { ...bounds, setting, curve, answers, seconds: shape.seconds, warmupSeconds };
  const counted = { seconds: shape.seconds - warmupSeconds, ttftMs: bounds.ttftMs };
  return { setting, live: figuresOf(seen, counted), simulated: await simulate(told) };
}

const heads = ['live / simulated', 'TTFT mean ms', 'TTFT p99 ms', 'latency mean ms', 'in time/s'];

function row({ setting, live, simulated }: Compared): string[] {
  const pair = (of: (figures: Figures) => number): string =>
    `${of(live).toFixed(1)} / ${of(simulated).toFixed(1)}`;
  return [
    setting.name,
    pair(({ ttftMeanMs }) => ttftMeanMs),
    pair(({ ttftP99Ms }) => ttftP99Ms),
    pair(({ latencyMeanMs }) => latencyMeanMs),
    pair(({ goodputPerS }) => goodputPerS),
  ];
}

function printCurve(curve: FittedEngine): void {
  const { stepMs, promptTokenMs, sequenceMs, networkMs } = curve;
  console.log(
    `measured: step ${stepMs.toFixed(2)} ms, prompt token ${promptTokenMs.toFixed(4)} ms, sequence ${sequenceMs.toFixed(3)} ms, on the way ${networkMs.toFixed(2)} ms each way`,
  );
}

const steps = { ms: 20, promptTokenMs: 0.1, sequenceMs: 0.5, tokensMax: 512 };
const timedPlan: Plan = {
  promptWords: [1, 100, 200, 400],
  sequences: [1, 4, 8],
  outputTokens: 20,
  rounds: 5,
};
const timedShape = { ratePerS: 22, promptTokens: 100, outputTokens: 20, outputMax: 100 };

async function runTimed(): Promise<{ all: readonly Compared[]; first: Compared; replay: Replay }> {
  const stage = await createStage({
    name: 'timed',
    source: 'none',
    engine: { name: 'fake', options: { steps, concurrency: 32 } },
  });
  await stage.set({ name: 'measured', replicas: 1, concurrency: 16 });
  const curve = await measureCurve(stage.target, timedPlan);
  printCurve(curve);
  const bounds = { stepTokensMax: steps.tokensMax, sequencesMax: 32, ttftMs: 250 };
  const first = await compare({ stage, curve, bounds, shape: { ...timedShape, seconds, seed: 1 } }, main);
  const all: Compared[] = [];
  for (const setting of ranked)
    all.push(
      await compare(
        { stage, curve, bounds, shape: { ...timedShape, seconds: rankedSeconds, seed: 2 } },
        setting,
      ),
    );
  return { all, first, replay: await stage.stop() };
}

const llamaPlan: Plan = {
  promptWords: [10, 60, 120, 200],
  sequences: [1, 4, 8],
  outputTokens: 48,
  rounds: 5,
};
const llamaShape = { ratePerS: 12, promptTokens: 40, outputTokens: 40, outputMax: 100 };

async function runLlama(): Promise<{ compared: Compared; replay: Replay }> {
  const stage = await createStage({
    name: 'llama',
    source: `file:${resolve('models/demo/demo-q8_0.gguf')}`,
    engine: { name: 'llama', options: { prefixReuse: false } },
  });
  const setting = { name: 'llama', replicas: 1, concurrency: 8 };
  await stage.set(setting);
  const curve = await measureCurve(stage.target, llamaPlan);
  printCurve(curve);
  const bounds = { stepTokensMax: 64, sequencesMax: 8, ttftMs: 100 };
  const shape = { ...llamaShape, seconds: Math.min(30, seconds), seed: 3 };
  return { compared: await compare({ stage, curve, bounds, shape }, setting), replay: await stage.stop() };
}

askForPriority();
const timed = await runTimed();
const llama = options.llama ? await runLlama() : undefined;
printTable([
  heads,
  row(timed.first),
  ...timed.all.map(row),
  ...(llama === undefined ? [] : [row(llama.compared)]),
]);
const replays = [timed.replay, ...(llama === undefined ? [] : [llama.replay])];
for (const { inputs, deeds, equal, difference } of replays) {
  console.log(`replay: ${inputs} inputs, ${equal} of ${deeds} decisions equal`);
  if (difference !== undefined) console.log(difference);
}
const speed = options.speed ? await measureSpeed() : {};
const { live, simulated } = timed.first;
printResult({
  mean_error: errorOf(live.ttftMeanMs, simulated.ttftMeanMs),
  p99_error: errorOf(live.ttftP99Ms, simulated.ttftP99Ms),
  goodput_error: errorOf(live.goodputPerS, simulated.goodputPerS),
  tau: kendall(
    timed.all.map((one) => one.live.ttftMeanMs),
    timed.all.map((one) => one.simulated.ttftMeanMs),
  ),
  replay_equal:
    replays.reduce((sum, { equal }) => sum + equal, 0) / replays.reduce((sum, { deeds }) => sum + deeds, 0),
  replayed_decisions: replays.reduce((sum, { deeds }) => sum + deeds, 0),
  ...speed,
  ...(llama === undefined
    ? {}
    : {
        llama_mean_error: errorOf(llama.compared.live.ttftMeanMs, llama.compared.simulated.ttftMeanMs),
        llama_p99_error: errorOf(llama.compared.live.ttftP99Ms, llama.compared.simulated.ttftP99Ms),
      }),
});
