import type { EngineCurve } from './curve.ts';
import type { PrefixCache } from './prefix-cache.ts';
import type { Sequence } from './sequence.ts';

/** How an engine is made: what a step costs, and how much fits into one. */
export interface EngineShape {
  readonly curve: EngineCurve;
  /** Sequences it works on at once. */
  readonly sequencesMax: number;
  /** Prompt tokens and decoding sequences of one step. */
  readonly stepTokensMax: number;
  /** Tokens its KV cache holds for running sequences. */
  readonly contextTokensMax: number;
  readonly prefix?: { readonly blockTokens: number; readonly capacityTokens: number } | undefined;
}

/** The sequences inside an engine, between two steps. */
export interface Batch {
  readonly shape: EngineShape;
  readonly cache: PrefixCache | undefined;
  waiting: Sequence[];
  /** Reading their prompts, in the order they came in. */
  reading: Sequence[];
  decoding: Sequence[];
  /** Steps done so far in which all of `decoding` got a token. */
  steps: number;
  /** Tokens in the KV cache of those that decode. */
  contextTokens: number;
  /** Tokens that those that read will hold. */
  reservedTokens: number;
}

export function createBatch(shape: EngineShape, cache: PrefixCache | undefined): Batch {
  return {
    shape,
    cache,
    waiting: [],
    reading: [],
    decoding: [],
    steps: 0,
    contextTokens: 0,
    reservedTokens: 0,
  };
}

/** Tokens a decoding sequence holds now. */
function heldTokens(batch: Batch, { work, lastStep }: Sequence): number {
  return work.promptTokens + work.outputTokens - (lastStep - batch.steps);
}

/** The youngest goes back to the queue and will be read again: how engines make room in a full KV cache. */
function putBack(batch: Batch): void {
  const sequence = batch.decoding.pop();
  if (sequence === undefined) return;
  batch.contextTokens -= heldTokens(batch, sequence);
  sequence.leftTokens = sequence.lastStep - batch.steps;
  sequence.readTokens = sequence.work.promptTokens + sequence.work.outputTokens - sequence.leftTokens;
  sequence.readDone = 0;
  if (batch.cache !== undefined) sequence.keptTokens = sequence.readTokens;
  batch.waiting.unshift(sequence);
}

function take(batch: Batch, sequence: Sequence): void {
  const matched = batch.cache?.match(sequence.work.blocks ?? []) ?? 0;
  sequence.readDone = Math.min(Math.max(matched, sequence.keptTokens), sequence.readTokens - 1);
  sequence.keptTokens = 0;
  batch.reservedTokens += sequence.readTokens;
  batch.reading.push(sequence);
}

/**
 * Before a step: room for its tokens, then as many of those that wait as fit together with the next token of everyone:
 * who was put back for want of room does not come back into the same want. One that is alone always fits.
 */
export function admit(batch: Batch): void {
  const { contextTokensMax, sequencesMax } = batch.shape;
  while (batch.decoding.length > 1 && batch.contextTokens + batch.decoding.length > contextTokensMax)
    putBack(batch);
  let taken = 0;
  for (const sequence of batch.waiting) {
    const running = batch.reading.length + batch.decoding.length;
    const held = batch.contextTokens + batch.reservedTokens + sequence.readTokens + running + 1;
    if (running >= sequencesMax || (running > 0 && held > contextTokensMax)) break;
    take(batch, sequence);
    taken += 1;
  }
  if (taken > 0) batch.waiting.splice(0, taken);
}

/** Reads on as far as the step's budget goes; returns the tokens read. */
export function read(batch: Batch): number {
  const budget = Math.max(1, batch.shape.stepTokensMax - batch.decoding.length);
  let tokens = 0;
  for (const sequence of batch.reading) {
    if (tokens >= budget) break;
    const piece = Math.min(sequence.readTokens - sequence.readDone, budget - tokens);
    sequence.readDone += piece;
    tokens += piece;
  }
  return tokens;
}

/** How many steps can follow without anything but tokens changing. */
export function undisturbedSteps(batch: Batch): number {
  let steps = Infinity;
  for (const { lastStep } of batch.decoding) steps = Math.min(steps, lastStep - batch.steps);
  const room = Math.floor((batch.shape.contextTokensMax - batch.contextTokens) / batch.decoding.length);
  return Math.max(1, Math.min(steps, room));
}

/** Those that have read their prompts, with their first token. */
function takeReaders(batch: Batch): readonly Sequence[] {
  if (batch.reading.length === 0) return [];
  const done = batch.reading.filter((one) => one.readDone >= one.readTokens);
  if (done.length === 0) return done;
  batch.reading = batch.reading.filter((one) => one.readDone < one.readTokens);
  for (const one of done) {
    batch.reservedTokens -= one.readTokens;
    batch.contextTokens += one.readTokens + 1;
    one.lastStep = batch.steps + one.leftTokens - 1;
    batch.cache?.keep(one.work.blocks ?? []);
    batch.decoding.push(one);
  }
  return done;
}

function takeFinished(batch: Batch): readonly Sequence[] {
  const finished = batch.decoding.filter((one) => one.lastStep <= batch.steps || one.cancelled);
  if (finished.length === 0) return finished;
  for (const one of finished) batch.contextTokens -= heldTokens(batch, one);
  batch.decoding = batch.decoding.filter((one) => one.lastStep > batch.steps && !one.cancelled);
  return finished;
}

/** Of those that were put back, what the cache still has: all that nobody else has taken the room of, the last first. */
function loseKept(batch: Batch): void {
  let room = batch.shape.contextTokensMax - batch.contextTokens - batch.reservedTokens;
  for (const sequence of batch.waiting) {
    if (sequence.keptTokens === 0) return;
    sequence.keptTokens = Math.max(0, Math.min(sequence.keptTokens, room));
    room -= sequence.keptTokens;
  }
}

/** After `steps` steps: who has a first token, and who has the last. */
export function advance(
  batch: Batch,
  steps: number,
): { readonly begun: readonly Sequence[]; readonly finished: readonly Sequence[] } {
  batch.steps += steps;
  batch.contextTokens += steps * batch.decoding.length;
  loseKept(batch);
  const begun = takeReaders(batch);
  return { begun, finished: takeFinished(batch) };
}

/** Takes a cancelled sequence out of where it has cost nothing yet, or lets it go when it has read. */
export function forget(batch: Batch, sequence: Sequence): void {
  sequence.cancelled = true;
  const at = batch.waiting.indexOf(sequence);
  if (at >= 0) batch.waiting.splice(at, 1);
  const reads = batch.reading.indexOf(sequence);
  if (reads < 0) return;
  batch.reading.splice(reads, 1);
  batch.reservedTokens -= sequence.readTokens;
}
