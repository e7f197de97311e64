import type { Clock, Log, Rng, TaskQueue } from '#contracts';
import type { Directory, Payloads, TaskLimitsView } from '#dispatch';
import type { Config } from '#schema';

/** What the task endpoints stand on. */
export interface TasksDeps {
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly directory: Pick<Directory, 'find' | 'resolve' | 'routes' | 'shares'>;
  readonly limits: Pick<TaskLimitsView, 'unfinishedMaxOf'>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly config: Config['tasks'];
  readonly bodyBytesMax: number;
  /** The secret that a tenant checks deliveries with, as `whsec_…`. */
  readonly webhookSecretOf: (tenant: string) => string;
}
