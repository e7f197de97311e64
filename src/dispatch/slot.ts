import { circuit, createAnswers, type Answers, type CircuitMemory, type ServiceCurve } from '#policies';
import type { Witness } from './witness/witness.ts';

/** One replica, as far as requests are concerned. */
export interface Slot {
  readonly id: string;
  readonly endpoint: string;
  /** Credentials for endpoints that others run; empty for our own. */
  headers: readonly string[];
  /** `name@version`. */
  readonly model: string;
  /** The model's name there, where that is part of the path. */
  readonly modelThere: string;
  /** And where it takes the place of the name in the body; undefined: that stays. */
  readonly modelInBody: string | undefined;
  /** How long work occupies a place of replicas like this one. */
  readonly curve: ServiceCurve;
  /** Small, and unique among the replicas of a deployment: what routing remembers it by. */
  number: number;
  /** Requests, or batches of them, it works on at once, and how many it works on now. */
  concurrency: number;
  inFlight: number;
  /** Work in flight here, as the curve predicts it: milliseconds of one place. */
  workMs: number;
  /** What work takes here beside what the curve predicts: 1 is as predicted, 4 four times as long. */
  pace: number;
  /** Of batches: when the last run ended, and the part of a batch's time in which the replica did not run. */
  runEndedMs: number;
  idleShare: number;
  /** When a place was last taken or given back (monotonic). */
  changedMs: number;
  /** Streams whose answer has not begun, and by when their prompts should have been read (monotonic). */
  reading: number;
  readByMs: number;
  /** Whether it can be reached, and how well it answers. */
  circuit: CircuitMemory;
  readonly answers: Answers;
  /** Not chosen before this time (monotonic): its circuit is open, or it is ejected. */
  shunnedUntilMs: number;
  /** Where its requests are noted while its version is compared with another. */
  witness: Witness | undefined;
  /** What its answers are noted by, see `answered.ts`. */
  answerer: number;
  /** As the routing policy sees it; written before each choice. */
  freeInSeconds: number;
  secondsPerToken: number;
  fixedSeconds: number;
}

export function createSlot(
  given: Pick<
    Slot,
    | 'id'
    | 'endpoint'
    | 'headers'
    | 'model'
    | 'modelThere'
    | 'modelInBody'
    | 'curve'
    | 'number'
    | 'concurrency'
    | 'witness'
    | 'answerer'
  >,
): Slot {
  return {
    ...given,
    inFlight: 0,
    workMs: 0,
    pace: 1,
    runEndedMs: 0,
    idleShare: 0,
    changedMs: 0,
    reading: 0,
    readByMs: 0,
    circuit: circuit.begin(),
    answers: createAnswers(),
    shunnedUntilMs: 0,
    freeInSeconds: 0,
    secondsPerToken: 0,
    fixedSeconds: 0,
  };
}
