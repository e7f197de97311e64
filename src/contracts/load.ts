/**
 * What came to a deployment and what became of it, as counters since this process began and as it stands now: the
 * difference of two readings is the load in between. Times of places in milliseconds: a request takes one place.
 */
export interface LoadReading {
  /** Places of one replica. */
  readonly places: number;
  /** Time that what arrived was expected to take its places, summed. */
  readonly arrivedWorkMs: number;
  /** Time that places were taken so far, summed. */
  readonly takenMs: number;
  /** Requests taken in and not over, and of those the ones that wait for a place. */
  readonly inside: number;
  readonly waiting: number;
  /** Time that those that wait are expected to take. */
  readonly waitingWorkMs: number;
  /** Answers that began so far, and the times to their first bytes, summed. */
  readonly begun: number;
  readonly firstByteMs: number;
  /** Requests of which is known whether they are late, and of those the ones that are: see `spec.scaling.waitMs`. */
  readonly due: number;
  readonly late: number;
}

/** How a deployment stands now, as autoscalers elsewhere read it. */
export interface LoadStanding {
  readonly deployment: string;
  /** Requests taken in and not over, and of those the ones that wait for a place. */
  readonly inFlight: number;
  readonly waiting: number;
  /** Replicas that answer, that there should be, and that a policy in shadow would have; absent without one. */
  readonly ready: number;
  readonly wanted: number;
  readonly advised?: number | undefined;
  /** Busy share of the places of all replicas that answer, 0 to 1. */
  readonly utilisation: number;
  /** Work since this process began, in replica-milliseconds: what arrived, and what took a place. */
  readonly arrivedMs: number;
  readonly takenMs: number;
}

/** How deployments stand. */
export interface Standings {
  /** Undefined where there is no such deployment. */
  of(deployment: string): LoadStanding | undefined;
  all(): readonly LoadStanding[];
}

/** How the control plane learns of the load; whoever takes requests in keeps it. */
export interface Loads {
  /** Undefined while nothing is known of the deployment: then nobody decides anything. */
  read(deployment: string): LoadReading | undefined;
  /** Hears of each deployment for which a request came that no replica can take. */
  onStarved(listener: (deployment: string) => void): () => void;
}
