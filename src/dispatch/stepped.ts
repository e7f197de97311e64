import { problem, type Problem, type StepsSpec } from '#schema';
import type { Clock, ReplyHead, StepSession, Steps } from '#contracts';
import type { Ask, AskListener, Chosen, Ticket } from './ask.ts';
import type { Directory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';
import { joined } from './joined.ts';
import { askWith, partsOfAsk, partsOfReply, replyWith, type Parts } from './tensor-parts.ts';

export interface SteppedDeps {
  readonly directory: Pick<Directory, 'resolve'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'setTimer'>;
  readonly steps: Steps;
}

/** An answer longer than this is not gathered for a step. */
const answerBytesMax = 64 * 1024 * 1024;
/** Pieces of a stream that may be with the steps at once, before the replica is paused. */
const piecesMax = 8;

/** One request with steps around it. */
interface Walk {
  readonly ask: Ask;
  readonly listener: AskListener;
  readonly spec: StepsSpec;
  readonly session: StepSession;
  readonly count: Count;
  readonly clock: SteppedDeps['clock'];
  readonly arrivedMs: number;
  /** With its first step: dispatch itself does not know of it yet. */
  waiting: boolean;
  /** Ends it when its deadline passes while it is with its steps. */
  stopTimer: (() => void) | undefined;
  ticket: Ticket | undefined;
  /** Pieces that are with the steps. */
  pieces: number;
  /** The replica waits for `resume`; and the client reads slower than it is answered. */
  paused: boolean;
  clientPaused: boolean;
  ended: boolean;
  over: boolean;
}

/** Requests that have steps around them. */
interface Count {
  inside: number;
  waiting: number;
  /** Hears that the last one has left. */
  emptied: (() => void) | undefined;
}

function submitted(walk: Walk): void {
  if (!walk.waiting) return;
  walk.waiting = false;
  walk.count.waiting -= 1;
}

function close(walk: Walk): boolean {
  if (walk.over) return false;
  walk.over = true;
  walk.stopTimer?.();
  walk.session.close();
  submitted(walk);
  walk.count.inside -= 1;
  if (walk.count.inside === 0) walk.count.emptied?.();
  return true;
}

/** The request fails here: whoever works on it is stopped. */
function fail(walk: Walk, cause: Problem): void {
  if (!close(walk)) return;
  walk.ticket?.cancel();
  walk.listener.failed(cause);
}

function finish(walk: Walk): void {
  if (close(walk)) walk.listener.ended();
}

function start(walk: Walk, head: ReplyHead, chosen: Chosen): void {
  walk.stopTimer?.();
  walk.listener.started(head, chosen);
}

/** What is left of the caller's patience; undefined where it has named none. */
function leftMs({ ask, clock, arrivedMs }: Walk): number | undefined {
  const { deadlineMs } = ask;
  return deadlineMs === undefined ? undefined : Math.max(1, deadlineMs - (clock.monotonicMs() - arrivedMs));
}

/**
 * Steps run one after another: a request may wait for its own as long as for a replica. In between dispatch sees to its
 * deadline, and counts it as what it is.
 */
function arm(walk: Walk): void {
  const patienceMs = leftMs(walk);
  if (patienceMs === undefined) return;
  walk.stopTimer = walk.clock.setTimer(Math.ceil(patienceMs), () => {
    fail(walk, problem('deadline_exceeded'));
  });
}

type Receiver = Pick<AskListener, 'received' | 'ended'>;

/** What no step changes. */
function passOn(walk: Walk): Receiver {
  return {
    received(bytes) {
      const flowing = walk.listener.received(bytes);
      if (!flowing) walk.paused = walk.clientPaused = true;
      return flowing;
    },
    ended() {
      finish(walk);
    },
  };
}

/** Questions about the model have nothing for a step. */
const aboutModel = '/v2/models/metadata';
const badLength = problem(
  'invalid_request',
  '"inference-header-content-length" is no length of the JSON in this body.',
  { param: 'inference-header-content-length' },
);
/** The ticket of a request that is over already. */
const nobody: Ticket = { cancel: () => undefined, resume: () => undefined };
const unreadable = problem('replica_failed', 'The replica answered something that cannot be read.');

/** Gathers a whole answer and lets the step change it before anything is sent. */
function gatherWhole(walk: Walk, head: ReplyHead, chosen: Chosen): Receiver {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    received(bytes) {
      size += bytes.length;
      if (size <= answerBytesMax) parts.push(bytes);
      else fail(walk, problem('step_failed', 'The answer is too long for the step of this deployment.'));
      return true;
    },
    ended() {
      const read = partsOfReply(joined(parts, size), head);
      if (read === undefined) {
        fail(walk, unreadable);
        return;
      }
      walk.session.post(read.json, (made) => {
        if (walk.over) return;
        if (!made.ok) {
          fail(walk, made.problem);
          return;
        }
        const answer = replyWith(head, made.value, read);
        start(walk, answer.head, chosen);
        walk.listener.received(answer.body);
        finish(walk);
      });
    },
  };
}

function goOn(walk: Walk): void {
  if (!walk.paused || walk.clientPaused || walk.pieces >= piecesMax) return;
  walk.paused = false;
  walk.ticket?.resume();
}

/** Lets the step change a stream while it passes; never more than a few pieces are with it. */
function changePieces(walk: Walk): Receiver {
  return {
    received(bytes) {
      walk.pieces += 1;
      walk.session.chunk(bytes, (made) => {
        walk.pieces -= 1;
        if (walk.over) return;
        if (!made.ok) {
          fail(walk, made.problem);
          return;
        }
        if (made.value.length > 0 && !walk.listener.received(made.value)) walk.clientPaused = true;
        if (walk.ended && walk.pieces === 0) finish(walk);
        else goOn(walk);
      });
      walk.paused = walk.clientPaused || walk.pieces >= piecesMax;
      return !walk.paused;
    },
    ended() {
      walk.ended = true;
      if (walk.pieces === 0) finish(walk);
    },
  };
}

function hear(walk: Walk): AskListener {
  let receiver: Receiver | undefined;
  return {
    started(head, chosen) {
      const isStream = head.contentType?.startsWith('text/event-stream') === true;
      // A refusal of the engine is no answer: it stays as it is.
      if (walk.spec.post === undefined || head.status >= 400) {
        receiver = passOn(walk);
        start(walk, head, chosen);
      } else if (isStream) {
        receiver = changePieces(walk);
        start(walk, { ...head, contentLengthBytes: undefined }, chosen);
      } else {
        receiver = gatherWhole(walk, head, chosen);
        arm(walk);
      }
    },
    received: (bytes) => walk.over || receiver === undefined || receiver.received(bytes),
    ended() {
      if (!walk.over) receiver?.ended();
    },
    failed(cause) {
      if (close(walk)) walk.listener.failed(cause);
    },
  };
}

function begin(walk: Walk, read: Parts, inner: Dispatch): void {
  walk.session.pre(read.json, (made) => {
    if (walk.over) return;
    if (!made.ok) {
      fail(walk, made.problem);
      return;
    }
    submitted(walk);
    walk.stopTimer?.();
    const changed = made.value === undefined ? walk.ask : askWith(walk.ask, made.value, read);
    const ticket = inner.submit({ ...changed, deadlineMs: leftMs(walk) }, hear(walk));
    if (walk.over) ticket.cancel();
    else walk.ticket = ticket;
  });
}

type Walking = Pick<Walk, 'ask' | 'listener' | 'spec' | 'session' | 'count' | 'clock'>;

function createWalk(given: Walking): Walk {
  given.count.inside += 1;
  given.count.waiting += 1;
  return {
    ...given,
    arrivedMs: given.clock.monotonicMs(),
    waiting: true,
    stopTimer: undefined,
    ticket: undefined,
    pieces: 0,
    paused: false,
    clientPaused: false,
    ended: false,
    over: false,
  };
}

function ticketOf(walk: Walk): Ticket {
  return {
    cancel() {
      if (close(walk)) walk.ticket?.cancel();
    },
    resume() {
      walk.clientPaused = false;
      goOn(walk);
    },
  };
}

/**
 * Runs a deployment's own steps around its requests: `pre` before they are admitted, `post` before anything is sent, or
 * chunk by chunk. Deployments without steps pay for one look at their route.
 */
export function createSteppedDispatch(inner: Dispatch, deps: SteppedDeps): Dispatch {
  const count: Count = { inside: 0, waiting: 0, emptied: undefined };
  return {
    submit(ask, listener) {
      const route = deps.directory.resolve(ask.model, ask.tenant);
      if (route?.steps === undefined || ask.endpoint === aboutModel) return inner.submit(ask, listener);
      const read = partsOfAsk(ask);
      if (read === undefined) {
        listener.failed(badLength);
        return nobody;
      }
      const { requestId, tenant, endpoint, stream } = ask;
      const facts = { requestId, tenant, deployment: route.deployment, endpoint, stream };
      const session = deps.steps.open(route.steps, facts);
      const walk = createWalk({ ask, listener, spec: route.steps, session, count, clock: deps.clock });
      arm(walk);
      begin(walk, read, inner);
      return ticketOf(walk);
    },
    inFlight: () => inner.inFlight() + count.waiting,
    loads: inner.loads,
    async drain() {
      await inner.drain();
      if (count.inside === 0) return;
      await new Promise<void>((resolve) => {
        count.emptied = resolve;
      });
    },
  };
}
