import type { Clock, Meters, Rng, Scorer, Transport } from '#contracts';
import type { Directory } from '../directory.ts';
import type { Lane } from '../job.ts';

/** What every step of a request's life needs. */
export interface Floor {
  readonly directory: Directory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Pick<Rng, 'next'>;
  readonly meters: Meters;
  readonly scorer?: Scorer | undefined;
  /** Called once for each request that is over. */
  readonly left: () => void;
  /** A place may have become free: lets those who wait go. */
  readonly wake: (lane: Lane) => void;
  /** A request waits, the first one, and there is no replica at all. */
  readonly starved: (deployment: string) => void;
}
