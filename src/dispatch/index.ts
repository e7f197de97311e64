/** A REQUEST'S LIFE: admit → order → batch → route → send → stream → account. Milliseconds. */
export type { Ask, AskListener, Chosen, Ticket } from './ask.ts';
export type { CurveSnapshot, Curves } from './curves.ts';
export { createDirectory, type CatchUp, type Directory, type DirectoryDeps } from './directory.ts';
export { createDispatch, type Dispatch, type DispatchDeps } from './dispatch.ts';
export { createFallbackDispatch, type FallbackDeps } from './fallback.ts';
export type { Answerer } from './answered.ts';
export { rate, type Rating } from './rate.ts';
export { createRecorder, type Recorder } from './recording/recorder.ts';
export { replayRecording, type Replay } from './recording/replay.ts';
export type { Route, Serving } from './route.ts';
export { createInformedDispatch } from './informed.ts';
export { createSteppedDispatch, type SteppedDeps } from './stepped.ts';
export { createBatchWork } from './batches/batch-work.ts';
export { createFairWork } from './tasks/fair-work.ts';
export { fileEntry, atRest } from './batches/file-entry.ts';
export {
  batchEnds,
  cancelMarkOf,
  type AskedLine,
  type BatchEnd,
  type BatchLine,
  type BatchSpec,
  type BatchWire,
  type LineEnd,
} from './batches/wire.ts';
export { createIds } from './tasks/ids.ts';
export { createTaskKeeper, type Keeper } from './tasks/keeper.ts';
export { createPayloads, type Gathering, type Payloads } from './tasks/payloads.ts';
export { createRequestWork } from './tasks/request-work.ts';
export { createSweeper, type Sweeper } from './tasks/sweeper.ts';
export { createTaskRunner, type Runner } from './tasks/runner.ts';
export { createTaskLimits, type TaskLimitsView } from './tasks/limits.ts';
export { createTaskTurns } from './tasks/turns.ts';
export { createWebhookWork } from './tasks/webhook-work.ts';
export type { TaskReply, Verdict, Work, WorkListener } from './tasks/work.ts';
