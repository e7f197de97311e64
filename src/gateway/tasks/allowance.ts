import { hasEnded, problem, type Problem } from '#schema';
import type { TasksDeps } from './deps.ts';

const readEachMs = 1000;
/** How far back it counts how fast the tasks of a tenant end. */
const memoryMs = 30_000;
const waitMs = { unknown: 5000, least: 1000, most: 60_000 };

/** How a tenant stands. */
interface Standing {
  /** Tasks that are not over: as they were counted, and what was let in since. */
  readonly unfinished: number;
  /** Ends in a millisecond, of late; undefined as long as nobody has seen enough of them. */
  readonly pace: number | undefined;
}

/** Says what stands against so many more tasks of a tenant; undefined lets them in. */
export type Allowance = (tenant: string, more: number) => Promise<Problem | undefined>;

/** What is fewer now, and was not let in, has ended. Where others let in tasks too, it is slower than in truth. */
function paceOf(before: Standing, unfinished: number, sinceMs: number): number {
  const now = Math.max(0, before.unfinished - unfinished) / sinceMs;
  const kept = before.pace === undefined ? 0 : Math.exp(-sinceMs / memoryMs);
  return kept * (before.pace ?? 0) + (1 - kept) * now;
}

/** When so many should have ended. */
function waitFor(ends: number, pace: number | undefined): number {
  if (pace === undefined) return waitMs.unknown;
  return Math.min(waitMs.most, Math.max(waitMs.least, Math.ceil(ends / pace)));
}

function neverFits(tenant: string, max: number): Problem {
  const message = `The tenant "${tenant}" may have ${max} unfinished tasks. Hand in no more at once.`;
  return problem('invalid_request', message, { param: 'tasks' });
}

/**
 * How many tasks tenants have that are not over. Read from the queue's counts about once a second; whoever comes
 * meanwhile waits for them.
 */
export function createAllowance({ queue, clock, config, limits }: TasksDeps): Allowance {
  let standings = new Map<string, Standing>();
  let readAtMs: number | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const counted = new Map<string, number>();
    for (const { lane, tenant, state, count } of await queue.counts())
      if (lane === 'request' && !hasEnded(state)) counted.set(tenant, (counted.get(tenant) ?? 0) + count);
    const nowMs = clock.monotonicMs();
    const sinceMs = nowMs - (readAtMs ?? nowMs);
    standings = new Map(
      [...counted].map(([tenant, unfinished]) => {
        const before = standings.get(tenant);
        return [tenant, { unfinished, pace: before && paceOf(before, unfinished, sinceMs) }];
      }),
    );
    readAtMs = nowMs;
  }

  return async (tenant, more) => {
    const max = limits.unfinishedMaxOf(tenant) ?? config.unfinishedMax;
    if (more > 1 && more > max) return neverFits(tenant, max);
    if (readAtMs === undefined || clock.monotonicMs() - readAtMs > readEachMs)
      await (reading ??= read().finally(() => {
        reading = undefined;
      }));
    const { unfinished, pace } = standings.get(tenant) ?? { unfinished: 0, pace: undefined };
    const wanted = unfinished + more;
    if (wanted <= max) {
      standings.set(tenant, { unfinished: wanted, pace });
      return undefined;
    }
    const message = `The tenant "${tenant}" has ${unfinished} unfinished tasks, and may have ${max}.`;
    return problem('too_many_tasks', message, { retryAfterMs: waitFor(wanted - max, pace) });
  };
}
