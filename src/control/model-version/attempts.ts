import { problem, problemOf, problems, type Problem } from '#schema';
import { restartDelay } from '#policies';
import type { Clock, Result, Rng } from '#contracts';
import { pause } from '../pause.ts';

export interface AttemptsInput {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly signal: AbortSignal;
  /** Grows when an attempt got further: then the count of failures starts anew. */
  readonly progress: () => number;
}

/** Failures in a row without any progress between them. */
const failuresMax = 6;

async function guarded<T>(attempt: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await attempt();
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}

function isHopeless({ code }: Problem): boolean {
  // A full disk stays full for longer than attempts last; the whole pull is tried again later.
  return problems[code].retry === 'never' || code === 'storage_full' || code === 'digest_mismatch';
}

/** Tries until it succeeds, with growing delays: not for what trying again cannot mend, and not for ever. */
export async function attempts<T>(
  { clock, rng, signal, progress }: AttemptsInput,
  attempt: () => Promise<Result<T>>,
): Promise<Result<T>> {
  let reached = progress();
  let memory = restartDelay.begin();
  for (;;) {
    const result = await guarded(attempt);
    if (signal.aborted)
      return { ok: false, problem: problem('source_unavailable', 'The pull was cancelled.') };
    if (result.ok || isHopeless(result.problem)) return result;
    if (progress() > reached) memory = restartDelay.begin();
    reached = progress();
    const nowMs = clock.monotonicMs();
    const input = { nowMs, chance: rng.next(), failed: true, steadyMs: undefined };
    memory = restartDelay.decide(input, { ...memory, nextStartAtMs: undefined }).memory;
    if (memory.restarts >= failuresMax) return result;
    await pause(clock, (memory.nextStartAtMs ?? nowMs) - nowMs, signal);
  }
}
