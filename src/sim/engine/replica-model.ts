import type { Clock } from '#contracts';
import { admit, advance, createBatch, forget, read, undisturbedSteps, type EngineShape } from './batch.ts';
import { decodeDurationMs, decodeStepsWithin, stepDurationMs, type StepWork } from './curve.ts';
import { createPrefixCache } from './prefix-cache.ts';
import { createSequence, type Sequence, type SequenceListener, type SequenceWork } from './sequence.ts';

/** An engine with iteration-level batching, as a model of time. */
export interface ReplicaModel {
  /** The returned function forgets the request; its listener hears nothing more. */
  submit(work: SequenceWork, listener: SequenceListener): () => void;
  /** Requests inside, waiting ones included. */
  inside(): number;
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

/**
 * Runs in leaps: while nobody comes and nobody is finished, decoding steps differ only by the length of the context,
 * so their sum is known in closed form and one event stands for all of them. A newcomer cuts the leap at the end of
 * the step that is under way, as a real engine would take it in there.
 */
export function createReplicaModel(shape: EngineShape, clock: Clock): ReplicaModel {
  const { curve, prefix } = shape;
  const cache = prefix && createPrefixCache(prefix.blockTokens, prefix.capacityTokens);
  const batch = createBatch(shape, cache);
  let stretch: Stretch | undefined;
  let busyMs = 0;
  /** True while listeners are told, who may submit more: the next step begins when all have spoken. */
  let telling = false;
  let dead = false;

  function startStretch(work: StepWork, steps: number): void {
    const durationMs = decodeDurationMs(curve, work, steps);
    stretch = {
      beganMs: clock.monotonicMs(),
      work,
      steps,
      cancelTimer: clock.setTimer(durationMs, endStretch),
    };
  }

  function next(): void {
    admit(batch);
    const sequences = batch.decoding.length;
    const contextTokens = batch.contextTokens;
    const prefillTokens = batch.reading.length === 0 ? 0 : read(batch);
    if (prefillTokens > 0) startStretch({ prefillTokens, sequences, contextTokens }, 1);
    else if (sequences > 0) startStretch({ prefillTokens, sequences, contextTokens }, undisturbedSteps(batch));
  }

  function tell(begun: readonly Sequence[], finished: readonly Sequence[]): void {
    telling = true;
    // One that was put back for want of room has begun before.
    for (const one of begun)
      if (!one.cancelled && one.leftTokens === Math.max(1, one.work.outputTokens)) one.listener.began();
    for (const one of finished) if (!one.cancelled) one.listener.ended();
    telling = false;
  }

  function endStretch(): void {
    if (stretch === undefined) return;
    const { work, steps } = stretch;
    busyMs += decodeDurationMs(curve, work, steps);
    stretch = undefined;
    const { begun, finished } = advance(batch, steps);
    tell(begun, finished);
    if (!dead) next();
  }

  /** Ends the leap with the step that is under way. */
  function cut(): void {
    if (stretch === undefined || stretch.steps === 1) return;
    const { work, beganMs } = stretch;
    const elapsedMs = clock.monotonicMs() - beganMs;
    const steps = Math.min(stretch.steps, decodeStepsWithin(curve, work, elapsedMs) + 1);
    if (steps === stretch.steps) return;
    stretch.cancelTimer();
    stretch.steps = steps;
    stretch.cancelTimer = clock.setTimer(decodeDurationMs(curve, work, steps) - elapsedMs, endStretch);
  }

  function wake(): void {
    if (telling) return;
    if (stretch === undefined) next();
    else if (batch.reading.length + batch.decoding.length < shape.sequencesMax) cut();
  }

  return {
    submit(work, listener) {
      const sequence = createSequence(work, listener);
      batch.waiting.push(sequence);
      if (!dead) wake();
      return () => {
        forget(batch, sequence);
        cut();
      };
    },
    inside: () => batch.waiting.length + batch.reading.length + batch.decoding.length,
    busyMs: () => busyMs,
    kill() {
      dead = true;
      stretch?.cancelTimer();
      stretch = undefined;
    },
  };
}

/** Requests of one kind that a replica can serve per second, all the time: the rate behind its capacity. */
export function sustainedRatePerS(shape: EngineShape, work: SequenceWork): number {
  const { curve, contextTokensMax, sequencesMax } = shape;
  const meanContext = work.promptTokens + work.outputTokens / 2;
  const sequences = Math.max(1, Math.min(sequencesMax, Math.floor(contextTokensMax / meanContext)));
  // In the steady state every sequence needs its prompt read once and `outputTokens` steps.
  const promptPerStep = (sequences * work.promptTokens) / work.outputTokens;
  const stepMs = stepDurationMs(curve, {
    prefillTokens: promptPerStep,
    sequences,
    contextTokens: sequences * meanContext,
  });
  return (1000 * sequences) / (work.outputTokens * stepMs);
}
