import type { Config } from '#schema';
import type { Clock, FeedbackLog, Log, Meters, Rng } from '#contracts';
import type { CatchUp, Directory, Dispatch } from '#dispatch';
import type { AdminDeps } from './admin/index.ts';
import type { TlsFiles } from './http/server.ts';
import type { FeedbackDeps } from './native/feedback.ts';
import type { TasksDeps } from './tasks/index.ts';

export interface GatewayDeps {
  readonly config: Config;
  readonly tls: TlsFiles | undefined;
  readonly directory: Directory;
  readonly dispatch: Dispatch;
  /** Where others write to the store too: a key that is not known here may have been made through another gateway. */
  readonly catchUp?: CatchUp | undefined;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly meters: Meters;
  readonly feedback: FeedbackLog;
  /** Where other processes answer too. */
  readonly rateElsewhere?: FeedbackDeps['rateElsewhere'];
  readonly admin: AdminDeps;
  readonly tasks: Pick<TasksDeps, 'queue' | 'limits' | 'payloads' | 'webhookSecretOf'>;
}
