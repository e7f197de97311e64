import { batchMs, steadySize } from '#policies';
import { median } from '../harness/median.ts';
import { printTable } from '../harness/result.ts';
import { bestSizes } from './direct.ts';
import { models, type ServedModel } from './models.ts';
import { sizeMax, startStage, type Manner, type Stage } from './stage.ts';

const alone: Manner = { suffix: 'alone', batching: { maxSize: 1 } };
const together: Manner = { suffix: 'together' };
/**
 * The longest of the grid: batches of some dozens fit, and the policy decides rather than the pauses of a few dozen
 * milliseconds that a machine with two cores makes by itself now and then.
 */
const objectiveMs = 100;
const inTime: Manner = { suffix: 'in-time', objectiveMs };

interface Row {
  readonly manner: Manner;
  readonly clients: number;
  readonly perSecond: number;
  readonly latencyMs: number;
}

const plans = [
  { manner: alone, clients: [1, 2, 4, 8] },
  { manner: together, clients: [2, 4, 6, 8, 16] },
].flatMap(({ manner, clients }) => clients.map((count) => ({ manner, clients: count })));

const rounds = 3;
const seconds = 1;

/** Clients that ask again as soon as they have their answer; every row in turn, several times over. */
async function closedLoop(stage: Stage, model: ServedModel): Promise<readonly Row[]> {
  const samples = plans.map((plan) => ({ ...plan, perSecond: [] as number[], latencyMs: [] as number[] }));
  for (const manner of [alone, together]) await stage.load(model, manner, { clients: 8, seconds: 1 });
  for (let round = 0; round < rounds; round += 1)
    for (const sample of samples) {
      const report = await stage.load(model, sample.manner, { clients: sample.clients, seconds });
      if (report.errors + report.refused > 0)
        throw new Error(`${report.errors} errors, ${report.refused} refused (${report.first_refusal})`);
      sample.perSecond.push(report.done / report.seconds);
      sample.latencyMs.push(report.latency_mean_us / 1000);
    }
  return samples.map(({ manner, clients, perSecond, latencyMs }) => ({
    manner,
    clients,
    perSecond: median(perSecond),
    latencyMs: median(latencyMs),
  }));
}

const latencyRatioMax = 1.47;

interface Gain {
  readonly throughput: number;
  readonly latency: number;
}

/**
 * Batches beside the unbatched deployment at its best: two clients keep its engine always busy, one being computed
 * and the next there already; more clients only wait longer. Of the batched rows the fastest whose mean latency is at
 * most 1.47 times as long, or where there is none, the one with the lowest latency.
 */
function gainOf(rows: readonly Row[]): Gain {
  const best = rows.find(({ manner, clients }) => manner === alone && clients === 2);
  if (best === undefined) throw new Error('the rows lack their baseline');
  const gains = rows
    .filter(({ manner }) => manner === together)
    .map((row) => ({ throughput: row.perSecond / best.perSecond, latency: row.latencyMs / best.latencyMs }));
  const quick = gains.filter(({ latency }) => latency <= latencyRatioMax);
  const [first] = (quick.length > 0 ? quick : gains).toSorted((a, b) =>
    quick.length > 0 ? b.throughput - a.throughput : a.latency - b.latency,
  );
  return first ?? { throughput: 0, latency: Infinity };
}

function print(model: ServedModel, rows: readonly Row[], gain: Gain): void {
  console.log(`${model.name}: ${model.what}`);
  printTable([
    ['clients', 'requests/s', 'mean latency ms'],
    ...rows.map(({ manner, clients, perSecond, latencyMs }) => [
      `${manner === alone ? 'unbatched' : 'batched'}, ${clients}`,
      perSecond.toFixed(0),
      latencyMs.toFixed(2),
    ]),
  ]);
  console.log(
    `${gain.throughput.toFixed(2)} × the throughput at ${gain.latency.toFixed(2)} × the latency of unbatched with 2 clients.\n`,
  );
}

/** What the engine itself makes possible: how much longer a batch takes than one, and how much more it does. */
async function printIdeal(stage: Stage, model: ServedModel): Promise<void> {
  const curve = await stage.curve(model, inTime);
  const one = batchMs(curve, 1);
  const ratios = [2, 4, 8, 16].map((size) => {
    const took = batchMs(curve, size);
    return `${size} at once ${((size * one) / took).toFixed(2)} × at ${(took / one).toFixed(2)} ×`;
  });
  console.log(
    `By its learned curve ${model.name} takes ${one.toFixed(2)} ms for one; ${ratios.join(', ')}.\n`,
  );
}

/** Batches of all sizes, for the curve to be learned from. */
async function warmUp(stage: Stage, model: ServedModel): Promise<void> {
  for (const clients of [1, 4, 16, 48, 8, 24, 2, 64])
    await stage.load(model, inTime, { clients, seconds: 0.7 });
}

const ladder = [0.8, 0.85, 0.9, 0.95, 1];
const ladderRounds = 11;
const probeSeconds = 2;
const inTimeMin = 0.99;

interface Bound {
  /** The sizes of batch that the engine keeps up with best. */
  readonly sizes: readonly number[];
  /** What the learned curve says that it answers a second. */
  readonly learnedPerSecond: number;
}

/** What one replica answers, asked directly, and beside it what dispatch has learned of it. */
async function boundOf(stage: Stage, model: ServedModel): Promise<Bound> {
  const timed = await stage.timeEngine(model, inTime);
  const sizes = bestSizes(timed, objectiveMs);
  const rates = await stage.curve(model, inTime);
  const learnedSize = steadySize({ rates, objectiveMs, places: 1, sizeMax });
  const learnedPerSecond = (learnedSize / batchMs(rates, learnedSize)) * 1000;
  printTable([
    ['batch', 'the engine asked directly, ms', 'as learned, ms'],
    ...[...timed].map(([rows, ms]) => [`${rows}`, ms.toFixed(2), batchMs(rates, rows).toFixed(2)]),
  ]);
  console.log(
    `Within ${objectiveMs} ms ${model.name} keeps up batches of ${sizes.join(' or ')}; as learned (${rates.inputMs.toFixed(3)} ms a request and ${rates.fixedMs.toFixed(2)} ms a batch) of ${learnedSize}, ${learnedPerSecond.toFixed(0)} requests/s.`,
  );
  return { sizes, learnedPerSecond };
}

/** Requests that come by chance at this rate: the share that is answered within the objective. */
async function shareInTime(stage: Stage, model: ServedModel, rate: number): Promise<number> {
  const plan = { clients: 512, seconds: probeSeconds, rate, withinMs: objectiveMs };
  const { sent, missed, in_time } = await stage.load(model, inTime, plan);
  return in_time / (sent + missed);
}

/** One rate, tried once. */
interface Probe {
  readonly rate: number;
  /** What the engine answered a second by itself, in the mean of right before and right after. */
  readonly bound: number;
  readonly share: number;
}

interface Reached {
  readonly ratio: number;
  readonly perSecond: number;
  readonly boundPerSecond: number;
  /** The bound of the learned curve, as a share of the engine's own. */
  readonly learnedToBound: number;
}

/** Every rate of the ladder in turn, each round from the other end. */
async function probeAll(stage: Stage, model: ServedModel, sizes: readonly number[]): Promise<Probe[]> {
  const drive = async (): Promise<number> => {
    const rates: number[] = [];
    for (const size of sizes) rates.push(await stage.driveEngine(model, inTime, size));
    return Math.max(...rates);
  };
  const probes: Probe[] = [];
  let before = await drive();
  for (let round = 0; round < ladderRounds; round += 1)
    for (const ratio of round % 2 === 0 ? ladder : ladder.toReversed()) {
      const rate = ratio * before;
      const share = await shareInTime(stage, model, rate);
      const after = await drive();
      probes.push({ rate, bound: (before + after) / 2, share });
      before = after;
    }
  return probes;
}

const probesMin = 3;

/** The probes by the step of the ladder that their rate turned out to be nearest to. */
function stepsOf(probes: readonly Probe[]): { readonly ratio: number; readonly probes: readonly Probe[] }[] {
  const nearest = ({ rate, bound }: Probe): number =>
    ladder.reduce((best, step) =>
      Math.abs(rate / bound - step) < Math.abs(rate / bound - best) ? step : best,
    );
  return ladder
    .map((ratio) => ({ ratio, probes: probes.filter((probe) => nearest(probe) === ratio) }))
    .filter((step) => step.probes.length >= probesMin);
}

/**
 * The largest share of the bound at which, in the median, 99 % are answered within the objective. The machine's memory is
 * shared, and its speed changes by a third within a minute: so the engine is driven by itself right before and right
 * after each rate, and what was meant as nine tenths of the bound may have been more or less.
 */
async function goodput(stage: Stage, model: ServedModel): Promise<Reached> {
  const { sizes } = await boundOf(stage, model);
  const probes = await probeAll(stage, model, sizes);
  const steps = stepsOf(probes).map((step) => ({
    ratio: step.ratio,
    bound: median(step.probes.map(({ bound }) => bound)),
    shares: step.probes.map(({ share }) => share),
  }));
  printTable([
    ['of the bound', 'requests/s', 'in time (median)', 'each time'],
    ...steps.map(({ ratio, bound, shares }) => [
      ratio.toFixed(2),
      (ratio * bound).toFixed(0),
      `${(median(shares) * 100).toFixed(2)} %`,
      shares.map((share) => (share * 100).toFixed(1)).join(' '),
    ]),
  ]);
  const failed = steps.findIndex(({ shares }) => median(shares) < inTimeMin);
  const reached = steps.slice(0, failed === -1 ? undefined : failed).at(-1);
  const { learnedPerSecond } = await boundOf(stage, model);
  const ratio = reached?.ratio ?? 0;
  const boundPerSecond = reached?.bound ?? median(probes.map(({ bound }) => bound));
  return {
    ratio,
    perSecond: ratio * boundPerSecond,
    boundPerSecond,
    learnedToBound: learnedPerSecond / boundPerSecond,
  };
}

/** How little a network gains that fits into the cache: what is saved is what a run costs beside computing. */
async function encoderFigures(stage: Stage): Promise<Record<string, number>> {
  const encoder = models.encoder();
  if (encoder === undefined) return {};
  await stage.deploy(encoder, [alone, together]);
  const rows = await closedLoop(stage, encoder);
  const gain = gainOf(rows);
  print(encoder, rows, gain);
  return {
    live_encoder_throughput_ratio: gain.throughput,
    live_encoder_latency_ratio: gain.latency,
  };
}

export async function runLive(): Promise<Record<string, number>> {
  const stage = await startStage();
  try {
    const dense = models.dense();
    await stage.deploy(dense, [alone, together, inTime]);
    await warmUp(stage, dense);
    await printIdeal(stage, dense);
    const rows = await closedLoop(stage, dense);
    const gain = gainOf(rows);
    print(dense, rows, gain);
    const reached = await goodput(stage, dense);
    return {
      live_throughput_ratio: gain.throughput,
      live_latency_ratio: gain.latency,
      live_goodput_to_bound: reached.ratio,
      live_goodput_per_s: reached.perSecond,
      live_bound_per_s: reached.boundPerSecond,
      live_learned_to_bound: reached.learnedToBound,
      ...(await encoderFigures(stage)),
    };
  } finally {
    await stage.stop();
  }
}
