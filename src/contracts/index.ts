/** WHAT WE NEED: one page for each thing the core asks of the world. */
export type { Blob, Blobs, ByteRange, Digest, Result, Upload } from './blobs.ts';
export type { Clock } from './clock.ts';
export type { Courier, Delivery, Letter } from './courier.ts';
export type {
  Dialect,
  Engine,
  Inspection,
  LaunchInput,
  LaunchPlan,
  ModelFile,
  SignsOfLife,
} from './engine.ts';
export type { Alike, Counted, Evidence, VersionDoings } from './evidence.ts';
export type { FeedbackEntry, FeedbackLog } from './feedback.ts';
export type { LoadReading, Loads, LoadStanding, Standings } from './load.ts';
export type { BusMessage, Consumption, Handled, MessageBus, OutgoingMessage } from './message-bus.ts';
export type { Nodes, NodeSeen } from './nodes.ts';
export type { Claim, Fence, Peers, Presence } from './peers.ts';
export type { Rng } from './rng.ts';
export type { ScoreOrder, Scorer } from './scorer.ts';
export { silentMeters } from './silent-meters.ts';
export type { Source, SourceFile } from './source.ts';
export type { StepFacts, SteppedRequest, Steps, StepSession } from './steps.ts';
export type { Actor, AuditQuery, Change, Committed, Store, Watched, WatchEvent } from './store.ts';
export type { ReplicaExit, ReplicaHandle, StopOptions, Substrate } from './substrate.ts';
export type {
  Beat,
  ClaimWanted,
  Outcome,
  Settlement,
  Submitted,
  TaskCount,
  Steering,
  TaskHint,
  TaskQuery,
  TaskQueue,
  Tended,
} from './task-queue.ts';
export type { AdmissionCount, Log, LogFacts, MendingCount, Meters, RequestSample } from './telemetry.ts';
export type { TaskLimits } from './task-limits.ts';
export type { TurnOwner, Turns } from './turns.ts';
export { plainHead } from './transport.ts';
export type { CallInFlight, OutboundCall, ReplyHead, ReplyListener, Transport } from './transport.ts';
