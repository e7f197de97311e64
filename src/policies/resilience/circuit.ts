import type { Outcome, Policy, Reason } from '../policy.ts';

/** What was heard of a replica. `unreachable`: it took no connection. `broke`: it took the request and never answered. */
export type CircuitEvent = 'answered' | 'unreachable' | 'broke';

export interface CircuitInput {
  readonly nowMs: number;
  readonly event: CircuitEvent;
}

export interface CircuitMemory {
  readonly state: 'closed' | 'open';
  /** Failures in a row. */
  readonly failures: number;
  /** How often it has been opened lately: each time it stays open for twice as long. */
  readonly openings: number;
  /** While open: nothing is sent before. Then one request at a time tries whether it answers again. */
  readonly untilMs: number;
  readonly closedAtMs: number;
}

const openAfter: Readonly<Record<Exclude<CircuitEvent, 'answered'>, number>> = { unreachable: 1, broke: 5 };
const openMsFirst = 1000;
const openMsMax = 30_000;
/** A replica that has answered for so long is forgiven one opening for each. */
const forgiveMs = 30_000;

const closed: CircuitMemory = { state: 'closed', failures: 0, openings: 0, untilMs: 0, closedAtMs: 0 };

const steady: Reason = { code: 'circuit-closed' };
const counted: Reason = { code: 'circuit-failure-counted' };
const already: Reason = { code: 'circuit-open' };

type Answer = Outcome<number, CircuitMemory>;

function answered(memory: CircuitMemory, nowMs: number): Answer {
  if (memory.state === 'closed') {
    const next = memory.failures === 0 ? memory : { ...memory, failures: 0 };
    return { decision: 0, memory: next, reason: steady };
  }
  const next = { ...memory, state: 'closed', failures: 0, untilMs: 0, closedAtMs: nowMs } as const;
  return { decision: 0, memory: next, reason: { code: 'circuit-closed-again' } };
}

function open(memory: CircuitMemory, { nowMs, event }: CircuitInput, failures: number): Answer {
  const forgiven = memory.state === 'open' ? 0 : Math.floor((nowMs - memory.closedAtMs) / forgiveMs);
  const openings = Math.max(0, memory.openings - forgiven) + 1;
  const openMs = Math.min(openMsMax, openMsFirst * 2 ** (openings - 1));
  const next: CircuitMemory = { ...memory, state: 'open', failures, openings, untilMs: nowMs + openMs };
  return {
    decision: next.untilMs,
    memory: next,
    reason: { code: 'circuit-opened', facts: { event, failures, openMs } },
  };
}

/**
 * Whether a replica is sent to. The decision is the time before which it is not, 0 where it is. It opens at once when
 * no connection can be made, and after five requests in a row that broke. When the time is over one request at a time
 * is sent as a probe (`isProbing`): the first answer closes it, the next failure opens it for twice as long. An answer
 * is an answer, whatever its status: whether a replica answers worse than others is for `outlier-ejection` to say.
 */
export const circuit: Policy<CircuitInput, CircuitMemory, number> = {
  name: 'circuit',
  begin: () => closed,
  decide(input, memory) {
    const { nowMs, event } = input;
    if (event === 'answered') return answered(memory, nowMs);
    // What was sent before it opened and fails only now tells nothing new.
    if (memory.state === 'open' && nowMs < memory.untilMs)
      return { decision: memory.untilMs, memory, reason: already };
    const failures = memory.failures + 1;
    if (memory.state === 'open' || failures >= openAfter[event]) return open(memory, input, failures);
    return { decision: 0, memory: { ...memory, failures }, reason: counted };
  },
};

/** Open, and its time is over: one request at a time may try. */
export function isProbing(memory: CircuitMemory, nowMs: number): boolean {
  return memory.state === 'open' && nowMs >= memory.untilMs;
}
