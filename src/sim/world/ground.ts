import type { Deployment, Scenario } from '#schema';
import type { Rng } from '#contracts';
import type { Directory, Dispatch } from '#dispatch';
import type { VirtualClock } from '../clock/index.ts';
import type { Decision } from './decision.ts';
import type { Fleet } from './fleet.ts';

/** What a scenario stands on before its replicas come: dispatch, an empty fleet, time and chance. */
export interface Ground {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly deployment: Deployment;
  readonly directory: Directory;
  readonly dispatch: Dispatch;
  readonly fleet: Fleet;
  decide(decision: Decision): void;
}
