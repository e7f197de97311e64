import { problem, ProblemError, type WorkloadSpec } from '#schema';
import type { Rng } from '#contracts';
import { createSeededRng } from '../clock/index.ts';
import type { Arrival, Workload } from './arrival.ts';
import { constantMoments } from './constant.ts';
import { copiesOf } from './copies.ts';
import { drawLength } from './draw.ts';
import { momentsOf, readRateCurve } from './rate-curve.ts';
import { amountIn, nothingFrom, numbersIn, required, rowsOf, wrongRow, type Row } from './rows.ts';
import { recorded } from './recorded.ts';
import { clientMoments } from './servegen.ts';

function needed<T>(value: T | undefined, what: string, { kind }: WorkloadSpec): T {
  if (value !== undefined) return value;
  throw new ProblemError(problem('invalid_request', `A workload of the kind "${kind}" needs ${what}.`));
}

/** A request at that time, with lengths by chance. */
export function drawArrival(spec: WorkloadSpec, rng: Rng, atMs: number): Arrival {
  return {
    atMs,
    promptTokens: drawLength(rng, spec.prompt),
    outputTokens: drawLength(rng, spec.output),
    tenant: spec.tenant,
  };
}

function* drawn(moments: Iterable<number>, spec: WorkloadSpec, rng: Rng): Generator<Arrival, undefined> {
  for (const atMs of moments) yield drawArrival(spec, rng, atMs / spec.speed);
  return undefined;
}

function momentIn(row: Row): number {
  const ms = amountIn(row, 'timestamp', 't_ms');
  return ms ?? required(row, amountIn(row, 't_s'), ['t_s', 'timestamp', 't_ms']) * 1000;
}

/** From 1973 on, in milliseconds since 1970: no time since the beginning of a file is that long. */
const dateMs = 1e11;

/**
 * The rows with their moments, which never go back, and count from the first row where they are dates. One is told when
 * the next has been seen: a run that ends at a moment far ahead would not find out that it was out of place.
 */
function* inOrder(path: string): Generator<readonly [Row, number], undefined> {
  let before: readonly [Row, number] | undefined;
  let startMs: number | undefined;
  for (const row of rowsOf(path)) {
    const told = momentIn(row);
    startMs ??= told < dateMs ? 0 : told;
    const moment = told - startMs;
    if (before !== undefined && moment < before[1])
      throw wrongRow(row, 'is earlier than the one before it: sort the file by its times');
    if (before !== undefined) yield before;
    before = [row, moment];
  }
  if (before !== undefined) yield before;
  return undefined;
}

/** Whole, and at least one. */
function tokens(read: number | undefined, draw: () => number): number {
  return Math.max(1, Math.round(read ?? draw()));
}

function* replayed(spec: WorkloadSpec, rng: Rng): Generator<Arrival, undefined> {
  const path = needed(spec.path, '`path`', spec);
  let isEmpty = true;
  for (const [row, moment] of inOrder(path)) {
    const atMs = (moment - spec.fromS * 1000) / spec.speed;
    if (atMs < 0) continue;
    isEmpty = false;
    const promptTokens = amountIn(row, 'input_tokens', 'input_length', 'prompt_tokens');
    const outputTokens = amountIn(row, 'output_tokens', 'output_length', 'completion_tokens');
    const arrival = {
      atMs,
      promptTokens: tokens(promptTokens, () => drawLength(rng, spec.prompt)),
      outputTokens: tokens(outputTokens, () => drawLength(rng, spec.output)),
      // Ids of the prompt's blocks, as in Mooncake's traces.
      blocks: numbersIn(row, 'hash_ids'),
      tenant: spec.tenant,
    };
    for (let copies = copiesOf(spec.scale, rng); copies > 0; copies--) yield arrival;
  }
  if (isEmpty) throw nothingFrom(path, spec.fromS, 'request');
  return undefined;
}

/** The requests of one workload. The same seed gives the same requests. */
export function createWorkload(spec: WorkloadSpec, seed: number): Workload {
  const rng = createSeededRng(seed);
  const { kind, scale, fromS } = spec;
  if (kind === 'file') return replayed(spec, rng);
  if (kind === 'poisson') {
    const ratePerS = needed(spec.ratePerS, '`ratePerS`', spec) * scale;
    return drawn(constantMoments(ratePerS, spec.cv, rng), spec, rng);
  }
  const path = needed(spec.path, '`path`', spec);
  if (kind === 'recording') return recorded(path, spec, rng);
  if (kind === 'servegen') return drawn(clientMoments({ path, fromS, scale }, rng), spec, rng);
  const curve = readRateCurve(path, fromS).map((point) => ({ ...point, ratePerS: point.ratePerS * scale }));
  return drawn(momentsOf(curve, spec.cv, rng), spec, rng);
}

/** Several workloads as one, in the order of time. Whoever stops listening ends them with `return`. */
export function* mergeWorkloads(workloads: readonly Workload[]): Generator<Arrival, undefined> {
  try {
    const heads = workloads.map((workload) => workload.next().value);
    for (;;) {
      const first = earliest(heads);
      const arrival = heads[first];
      if (arrival === undefined) return undefined;
      yield arrival;
      heads[first] = workloads[first]?.next().value;
    }
  } finally {
    for (const workload of workloads) workload.return?.(undefined);
  }
}

function earliest(heads: readonly (Arrival | undefined)[]): number {
  let first = -1;
  for (const [at, head] of heads.entries())
    if (head !== undefined && head.atMs < (heads[first]?.atMs ?? Infinity)) first = at;
  return first;
}
