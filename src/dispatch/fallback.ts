import type { AttemptFailure, Fallback, Problem, ProblemCode } from '#schema';
import { nextInChain } from '#policies';
import type { Clock, ReplyHead } from '#contracts';
import type { Ask, AskListener, Ticket } from './ask.ts';
import type { Directory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';
import { renameModel } from './rename-model.ts';

export interface FallbackDeps {
  readonly directory: Pick<Directory, 'resolve'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

const problemFailures: Readonly<Partial<Record<ProblemCode, AttemptFailure>>> = {
  replica_failed: 'error',
  model_unavailable: 'error',
  internal: 'error',
  step_failed: 'error',
  step_timeout: 'timeout',
  deadline_exceeded: 'timeout',
  model_loading: 'timeout',
  overloaded: 'overload',
  rate_limited: 'overload',
};

const statusFailures: Readonly<Record<number, AttemptFailure>> = {
  408: 'timeout',
  429: 'overload',
  503: 'overload',
  504: 'timeout',
  529: 'overload',
};

function failureOfStatus(status: number): AttemptFailure | undefined {
  return statusFailures[status] ?? (status >= 500 ? 'error' : undefined);
}

/** One request on its way along a chain. */
interface Walk {
  readonly inner: Dispatch;
  readonly deps: FallbackDeps;
  readonly ask: Ask;
  readonly listener: AskListener;
  readonly chain: readonly Fallback[];
  readonly arrivedMs: number;
  /** How many of the chain were passed: the memory of the policy. */
  passed: number;
  attempt: number;
  ticket: Ticket | undefined;
  /** Attempts whose answers nobody wants any more. */
  readonly dropped: Ticket[];
  over: boolean;
}

function leftMs({ ask, deps, arrivedMs }: Walk): number {
  return ask.deadlineMs === undefined ? Infinity : ask.deadlineMs - (deps.clock.monotonicMs() - arrivedMs);
}

/** Whether a deployment of the chain is there, and serves what is asked. */
function canAnswer({ deps, ask }: Walk, name: string): boolean {
  const route = deps.directory.resolve(name);
  return route?.deployment === name && route.endpoints.includes(ask.endpoint);
}

/** How long an attempt may take to begin: as long as the caller waits, or until the next of the chain is due. */
function patienceMs(walk: Walk): number | undefined {
  const { chain, passed } = walk;
  const due = chain
    .slice(passed)
    .find((one) => one.on.includes('timeout') && canAnswer(walk, one.deployment));
  const patience = Math.min(leftMs(walk), due?.afterMs ?? Infinity);
  return patience === Infinity ? undefined : patience;
}

function next(walk: Walk, failure: AttemptFailure | undefined): Fallback | undefined {
  const isThere = (name: string): boolean => canAnswer(walk, name);
  const input = { failure, chain: walk.chain, leftMs: leftMs(walk), isThere };
  const { decision, memory } = nextInChain.decide(input, walk.passed);
  if (decision !== undefined) walk.passed = memory;
  return decision;
}

function askNext(walk: Walk, fallback: Fallback): void {
  const { deployment } = fallback;
  submit(walk, renameModel({ ...walk.ask, model: deployment }, deployment));
}

/** An error is short, and known to be; what is not is cut off rather than read to its end. */
const errorBytesMax = 65_536;

/** Lets go of an attempt: a short error may end by itself, so that it is accounted as what it was. */
function drop(walk: Walk, { contentLengthBytes = Infinity }: ReplyHead): void {
  const { ticket } = walk;
  if (ticket === undefined) return;
  if (contentLengthBytes > errorBytesMax) ticket.cancel();
  else walk.dropped.push(ticket);
}

function finish(walk: Walk): void {
  walk.over = true;
  for (const ticket of walk.dropped.splice(0)) ticket.cancel();
}

/** Hears one attempt. Until its answer begins it may still be given up for the next; from then on it is the answer. */
function hear(walk: Walk): AskListener {
  const { listener } = walk;
  let state: 'waiting' | 'answering' | 'dropped' = 'waiting';
  return {
    borrows: listener.borrows,
    started(head, chosen) {
      const fallback = next(walk, failureOfStatus(head.status));
      state = fallback === undefined ? 'answering' : 'dropped';
      if (fallback === undefined) listener.started(head, chosen);
      else {
        drop(walk, head);
        askNext(walk, fallback);
      }
    },
    received: (bytes, isLast) => (state === 'answering' ? listener.received(bytes, isLast) : true),
    ended() {
      if (state !== 'answering') return;
      finish(walk);
      listener.ended();
    },
    failed(cause: Problem) {
      if (state === 'dropped') return;
      const fallback = state === 'waiting' ? next(walk, problemFailures[cause.code]) : undefined;
      if (fallback !== undefined) {
        askNext(walk, fallback);
        return;
      }
      finish(walk);
      listener.failed(cause);
    },
  };
}

function submit(walk: Walk, ask: Ask): void {
  if (walk.over) return;
  walk.attempt += 1;
  const { attempt } = walk;
  const ticket = walk.inner.submit({ ...ask, deadlineMs: patienceMs(walk) }, hear(walk));
  // It may have failed at once, and the next be on its way already.
  if (walk.attempt === attempt) walk.ticket = ticket;
}

/**
 * Asks other deployments instead of one that gave no answer, as its `spec.fallbacks` say: only before anything was sent
 * to the client. Deployments without fallbacks pay for one look at their route.
 */
export function createFallbackDispatch(inner: Dispatch, deps: FallbackDeps): Dispatch {
  return {
    submit(ask, listener) {
      const chain = deps.directory.resolve(ask.model, ask.tenant)?.fallbacks;
      if (chain === undefined || chain.length === 0) return inner.submit(ask, listener);
      const arrivedMs = deps.clock.monotonicMs();
      const walk: Walk = {
        inner,
        deps,
        ask,
        listener,
        chain,
        arrivedMs,
        passed: nextInChain.begin(),
        attempt: 0,
        ticket: undefined,
        dropped: [],
        over: false,
      };
      submit(walk, ask);
      return {
        cancel() {
          finish(walk);
          walk.ticket?.cancel();
        },
        resume: () => walk.ticket?.resume(),
      };
    },
    inFlight: () => inner.inFlight(),
    loads: inner.loads,
    drain: () => inner.drain(),
  };
}
