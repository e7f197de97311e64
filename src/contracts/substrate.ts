import type { LaunchPlan } from './engine.ts';
import type { Result } from './blobs.ts';

/** A running replica as plain data: kept in the store, so that a restarted control plane can adopt what runs. */
export interface ReplicaHandle {
  readonly substrate: string;
  readonly replica: string;
  /** `unix:/path`, `http://host:port` or an external URL. */
  readonly endpoint: string;
  /** What identifies it beyond doubt: pid and start time, pod uid, … */
  readonly identity: Readonly<Record<string, string | number>>;
}

export interface ReplicaExit {
  readonly replica: string;
  /** What a person would want to know: exit code or signal, and the last line it wrote. */
  readonly reason: string;
}

export interface StopOptions {
  /** How long it may take to end by itself before it is killed. 0 kills at once. */
  readonly graceMs: number;
}

/** Where replicas run. */
export interface Substrate {
  readonly name: string;
  start(replica: string, plan: LaunchPlan, signal: AbortSignal): Promise<Result<ReplicaHandle>>;
  /** True when what the handle names still runs and is again watched from here. */
  adopt(handle: ReplicaHandle): Promise<boolean>;
  /** Resolves once it is gone, however it went. Stopping what does not run is no error. */
  stop(handle: ReplicaHandle, options: StopOptions): Promise<void>;
  /** Everything that runs here and was started by us, known to the store or not. */
  running(): Promise<readonly ReplicaHandle[]>;
  /** Hears of every replica that ended without being asked to. */
  onExit(listener: (exit: ReplicaExit) => void): () => void;
  /** The last lines it wrote, oldest first. */
  logs(replica: string, lines: number): Promise<readonly string[]>;
}
