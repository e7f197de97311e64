import type { Clock, TaskQueue } from '#contracts';
import type { Payloads } from '#dispatch';
import type { Config } from '#schema';

/** What the file endpoints stand on. */
export interface FilesDeps {
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly clock: Clock;
  readonly nextId: (prefix: string) => string;
  readonly config: Config['files'];
}
