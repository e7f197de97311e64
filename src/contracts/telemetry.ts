import type { LoadStanding } from './load.ts';

/** Facts of a log line: flat, so that every backend can index them. Never prompts, keys or tokens. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured logs. `event` is noun-first and past tense, for example `replica-ready`. */
export interface Log {
  debug(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

/** One finished request, as the meters see it. Durations in milliseconds. */
export interface RequestSample {
  readonly endpoint: string;
  readonly deployment: string;
  readonly tenant: string;
  readonly status: number;
  readonly queueMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** How many requests of a deployment were sent, kept waiting or refused for a reason. */
export interface AdmissionCount {
  readonly deployment: string;
  readonly reason: string;
  readonly count: number;
}

/** How often a deployment's requests were retried, hedged or given up, or its replicas passed over, for a reason. */
export type MendingCount = AdmissionCount;

/** Everything that is counted. Called on the hot path: implementations allocate nothing per call where they can. */
export interface Meters {
  requestFinished(sample: RequestSample): void;
  /** Where the number of requests taken in and not yet finished is read when somebody looks. */
  observeInFlight(read: () => number): void;
  /** Where it is read, when somebody looks, why requests were admitted or refused. */
  observeAdmissions(read: () => readonly AdmissionCount[]): void;
  /** The same of retries, second calls, circuits and ejections. */
  observeMending(read: () => readonly MendingCount[]): void;
  /** Where it is read, when somebody looks, what each deployment has to do; optional: not every meter tells. */
  observeStandings?(read: () => readonly LoadStanding[]): void;
  replicaStateChanged(deployment: string, state: string): void;
  /** Prometheus text exposition, version 0.0.4. */
  exposition(): Promise<string>;
}
