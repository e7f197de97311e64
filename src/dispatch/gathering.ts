import { createReturns, lastMoment, type ArrivalRate, type Returns } from '#policies';

/** What batching remembers of a deployment. */
export interface Gathering {
  memory: ArrivalRate;
  /** Requests that ever came to be sent in batches. */
  arrivals: number;
  /** Batches that were sent. */
  groups: number;
  readonly returns: Returns;
  /** Mean size of the batches that were sent. */
  meanSize: number;
}

const sampleWeight = 0.05;

export function createGathering(): Gathering {
  return { memory: lastMoment.begin(), arrivals: 0, groups: 0, returns: createReturns(), meanSize: 1 };
}

export function learnSize(gathering: Gathering, size: number): void {
  gathering.meanSize += sampleWeight * (size - gathering.meanSize);
}
