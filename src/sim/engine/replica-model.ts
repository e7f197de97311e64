import type { Clock } from '#contracts';
import {
  admit,
  advance,
  createBatch,
  forget,
  read,
  undisturbedSteps,
  type Batch,
  type EngineShape,
} from './batch.ts';
import { decodeDurationMs, decodeStepsWithin, type StepWork } from './curve.ts';
import { createPrefixCache } from './prefix-cache.ts';
import { createSequence, type Sequence, type SequenceListener, type SequenceWork } from './sequence.ts';

/** An engine with iteration-level batching, as a model of time. */
export interface ReplicaModel {
  /** The returned function forgets the request; its listener hears nothing more. */
  submit(work: SequenceWork, listener: SequenceListener): () => void;
  /** Requests inside, waiting ones included. */
  inside(): number;
  /** Steps done so far: grows while it works. */
  steps(): number;
  /** Time spent computing so far. */
  busyMs(): number;
  /** It is gone, with everything it worked on. */
  kill(): void;
}

/** What is being computed: some steps in a row, all alike. */
interface Stretch {
  readonly beganMs: number;
  readonly work: StepWork;
  steps: number;
  cancelTimer: () => void;
}

interface Core {
  readonly shape: EngineShape;
  readonly clock: Clock;
  readonly batch: Batch;
  stretch: Stretch | undefined;
  busyMs: number;
  /** True while listeners are told, who may submit more: the next step begins when all have spoken. */
  telling: boolean;
  dead: boolean;
}

function startStretch(core: Core, work: StepWork, steps: number): void {
  const durationMs = decodeDurationMs(core.shape.curve, work, steps);
  const end = (): void => {
    endStretch(core);
  };
  const cancelTimer = core.clock.setTimer(durationMs, end);
  core.stretch = { beganMs: core.clock.monotonicMs(), work, steps, cancelTimer };
}

function next(core: Core): void {
  const { batch } = core;
  admit(batch);
  const sequences = batch.decoding.length;
  const { contextTokens } = batch;
  const prefillTokens = batch.reading.length === 0 ? 0 : read(batch);
  const work = { prefillTokens, sequences, contextTokens };
  if (prefillTokens > 0) startStretch(core, work, 1);
  else if (sequences > 0) startStretch(core, work, undisturbedSteps(batch));
}

function tell(core: Core, begun: readonly Sequence[], finished: readonly Sequence[]): void {
  core.telling = true;
  // One that was put back for want of room has begun before.
  for (const one of begun)
    if (!one.cancelled && one.leftTokens === Math.max(1, one.work.outputTokens)) one.listener.began();
  for (const one of finished) if (!one.cancelled) one.listener.ended();
  core.telling = false;
}

function endStretch(core: Core): void {
  const { stretch, batch, shape } = core;
  if (stretch === undefined) return;
  core.busyMs += decodeDurationMs(shape.curve, stretch.work, stretch.steps);
  core.stretch = undefined;
  const { begun, finished } = advance(batch, stretch.steps);
  tell(core, begun, finished);
  if (!core.dead) next(core);
}

/** Ends the leap with the step that is under way. */
function cut(core: Core): void {
  const { stretch, clock } = core;
  if (stretch === undefined || stretch.steps === 1) return;
  const { curve } = core.shape;
  const { work, beganMs } = stretch;
  const elapsedMs = clock.monotonicMs() - beganMs;
  const steps = Math.min(stretch.steps, decodeStepsWithin(curve, work, elapsedMs) + 1);
  if (steps === stretch.steps) return;
  stretch.cancelTimer();
  stretch.steps = steps;
  stretch.cancelTimer = clock.setTimer(decodeDurationMs(curve, work, steps) - elapsedMs, () => {
    endStretch(core);
  });
}

/** Those that are over, and those of the leap that is under way. */
function stepsOf({ batch, stretch, shape, clock }: Core): number {
  if (stretch === undefined) return batch.steps;
  return batch.steps + decodeStepsWithin(shape.curve, stretch.work, clock.monotonicMs() - stretch.beganMs);
}

function wake(core: Core): void {
  const { batch, shape } = core;
  if (core.telling || core.dead) return;
  if (core.stretch === undefined) next(core);
  else if (batch.reading.length + batch.decoding.length < shape.sequencesMax) cut(core);
}

/**
 * Runs in leaps: while nobody comes and nobody is finished, decoding steps differ only by the length of the context,
 * so their sum is known in closed form and one event stands for all of them. A newcomer cuts the leap at the end of
 * the step that is under way, as a real engine would take it in there.
 */
export function createReplicaModel(shape: EngineShape, clock: Clock): ReplicaModel {
  const cache = shape.prefix && createPrefixCache(shape.prefix.blockTokens, shape.prefix.capacityTokens);
  const batch = createBatch(shape, cache);
  const core: Core = { shape, clock, batch, stretch: undefined, busyMs: 0, telling: false, dead: false };
  return {
    submit(work, listener) {
      const sequence = createSequence(work, listener);
      batch.waiting.push(sequence);
      wake(core);
      return () => {
        forget(batch, sequence);
        cut(core);
      };
    },
    inside: () => batch.waiting.length + batch.reading.length + batch.decoding.length,
    steps: () => stepsOf(core),
    busyMs: () => core.busyMs,
    kill() {
      core.dead = true;
      core.stretch?.cancelTimer();
      core.stretch = undefined;
    },
  };
}
