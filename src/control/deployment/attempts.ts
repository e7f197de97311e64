import type { Deployment, Replica } from '#schema';
import { restartDelay, steadyAfterMs, type RestartMemory } from '#policies';
import type { Again } from '../loop.ts';
import { timestamp } from '../records.ts';
import { statusOf } from '../replica/transition.ts';

/** How the starts of one version go. Each version of a deployment has its own: one that crashes delays no other. */
export interface Attempts {
  readonly restarts: number;
  /** RFC 3339; undefined while nothing is delayed. */
  readonly nextStartAt?: string | undefined;
  /** Of the last failure, until it is forgiven. */
  readonly message?: string | undefined;
}

const untried: Attempts = { restarts: 0 };
const lastFailure = 'Last failure: ';

/** Of the deployment's own version. A changed spec is a new attempt: whatever failed before may be mended by it. */
export function ownAttempts({ status, metadata }: Deployment): Attempts {
  return status === undefined || status.observedGeneration !== metadata.generation ? untried : status;
}

/** Of the version that runs beside it while a release is under way. */
export function attemptsBeside({ status }: Deployment, template: string): Attempts {
  return status?.beside?.template === template ? status.beside : untried;
}

/** Of one address. As the deployment's own, and for the version that runs beside it for as long as that does. */
export function attemptsAt(deployment: Deployment, template: string, address: string): Attempts {
  const noted = deployment.status?.addresses?.find(
    (one) => one.address === address && one.template === template,
  );
  return noted ?? untried;
}

/** What is said of a version that runs at several addresses: the worst. */
export function worstOf(all: readonly Attempts[]): Attempts {
  return all.reduce((worst, one) => (one.restarts > worst.restarts ? one : worst), untried);
}

/** Failed replicas without a process: what is left of them is to be noted. */
export function isSpent(replica: Replica): boolean {
  const { state, endpoint, identity } = statusOf(replica);
  return state === 'failed' && endpoint === undefined && identity === undefined;
}

interface Trial {
  readonly before: Attempts;
  /** The newest last. */
  readonly spent: readonly Replica[];
  /** For how long every wanted replica has been ready; undefined while one is missing. */
  readonly steadyMs: number | undefined;
  readonly chance: number;
  readonly nowMs: number;
}

function messageOf({ before, spent }: Trial, { restarts }: RestartMemory): string | undefined {
  const newest = spent.at(-1);
  if (newest !== undefined) return `${lastFailure}${statusOf(newest).message ?? 'it ended.'}`;
  return restarts > 0 && before.message?.startsWith(lastFailure) === true ? before.message : undefined;
}

/** When time alone will change something: the next attempt, or the forgiving of earlier failures. */
function againOf({ restarts, nextStartAtMs }: RestartMemory, { steadyMs, nowMs }: Trial): readonly Again[] {
  if (nextStartAtMs !== undefined) return [{ kind: 'again', afterMs: nextStartAtMs - nowMs }];
  if (restarts === 0 || steadyMs === undefined) return [];
  return [{ kind: 'again', afterMs: Math.max(0, steadyAfterMs - steadyMs) }];
}

/** Whether this version's replicas may be started now, and what is remembered of it. */
export function tryAgain(trial: Trial): {
  readonly mayStart: boolean;
  readonly attempts: Attempts;
  readonly again: readonly Again[];
} {
  const { before, spent, steadyMs, chance, nowMs } = trial;
  const { restarts, nextStartAt } = before;
  const nextStartAtMs = nextStartAt === undefined ? undefined : Date.parse(nextStartAt);
  const input = { nowMs, chance, failed: spent.length > 0, steadyMs };
  const { decision, memory } = restartDelay.decide(input, { restarts, nextStartAtMs });
  return {
    mayStart: decision === 'start',
    attempts: {
      restarts: memory.restarts,
      nextStartAt: memory.nextStartAtMs === undefined ? undefined : timestamp(memory.nextStartAtMs),
      message: messageOf(trial, memory),
    },
    again: againOf(memory, trial),
  };
}
