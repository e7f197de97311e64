import type { Clock, Rng, Scorer } from '#contracts';
import type { Ask, AskListener, Ticket } from './ask.ts';
import type { Counters } from './evidence.ts';
import type { Route } from './route.ts';
import type { ShadowSplit } from './split.ts';
import { isFixed, sameAnswer } from './witness/same-answer.ts';
import { hearSide } from './witness/twin.ts';
import { testify, type Testimony } from './witness/witness.ts';

export interface ShadowDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly rng: Pick<Rng, 'next'>;
  readonly scorer?: Scorer | undefined;
  /** The route of the candidate; undefined once it takes nothing any more. */
  routeOf(key: string): Route | undefined;
  /** Asks the candidate. */
  submit(route: Route, ask: Ask, listener: AskListener): void;
}

export interface Shadows {
  /**
   * Draws a request for being copied; undefined when it is not. The listener is to be told of its answer instead of the
   * caller's, which it passes everything on to; the ticket's end is to be told as well.
   */
  draw(route: Route, ask: Ask, listener: AskListener): Drawn | undefined;
}

export interface Drawn {
  readonly listener: AskListener;
  /** The caller went away: there is nothing to compare. */
  cancelled(): void;
}

/** Nobody waits for a copy, but it must end. */
const copyDeadlineMs = 300_000;

/** The answer that was given, and the copy's. */
interface Twins {
  readonly told: Testimony;
  readonly twin: Testimony;
}

function countAlike({ alike }: Counters, { told, twin }: Twins): void {
  alike.copied += 1;
  if (!isFixed(told.ask) || !told.isWhole || !twin.isWhole) return;
  alike.fixed += 1;
  if (sameAnswer(told, twin)) alike.equal += 1;
}

/** Both answers are there: each is noted for its version, in the same moment. */
function compare({ stable, candidate }: ShadowSplit, twins: Twins, scorer: Scorer | undefined): void {
  testify(stable, twins.told, scorer);
  testify(candidate, twins.twin, scorer);
  countAlike(candidate.counters, twins);
}

/** How many requests of each deployment are being answered to be copied, or are being copied. */
function createBusy() {
  const busy = new Map<string, number>();
  return {
    /** Whether there was room. */
    enter(deployment: string, max: number): boolean {
      const inside = busy.get(deployment) ?? 0;
      if (inside >= max) return false;
      busy.set(deployment, inside + 1);
      return true;
    },
    leave(deployment: string): void {
      const left = (busy.get(deployment) ?? 1) - 1;
      if (left === 0) busy.delete(deployment);
      else busy.set(deployment, left);
    },
  };
}

/** One request to be copied, once it is answered. */
interface Original {
  readonly told: Testimony;
  readonly shadow: ShadowSplit;
  /** Of the candidate's route. */
  readonly key: string;
}

/** Asks the candidate, when a place is free there, and compares; `left` is called at its end. */
function copy(deps: ShadowDeps, { told, shadow, key }: Original, left: () => void): void {
  const { clock, scorer } = deps;
  const { ask, deployment } = told;
  const route = deps.routeOf(key);
  if (route === undefined || route.slots.every((slot) => slot.inFlight >= slot.concurrency)) {
    left();
    return;
  }
  const copied: Ask = { ...ask, priority: 'batch', session: undefined, deadlineMs: copyDeadlineMs };
  const listener = hearSide({
    ask: copied,
    deployment,
    clock,
    listener: undefined,
    over(twin) {
      left();
      compare(shadow, { told, twin }, scorer);
    },
    lost: left,
  });
  deps.submit(route, copied, listener);
}

/**
 * Asks a candidate what the stable version has answered already, when there is room for it: after the answer, so that
 * nobody waits for it, with the lowest priority, and as many copies at once as the release allows. What comes beyond is
 * not copied.
 */
export function createShadows(deps: ShadowDeps): Shadows {
  const busy = createBusy();
  return {
    draw({ split, deployment }, ask, listener) {
      const shadow = split?.shadow;
      if (split === undefined || shadow === undefined || deps.rng.next() >= shadow.copied) return undefined;
      if (!busy.enter(deployment, shadow.concurrencyMax)) return undefined;
      let isOver = false;
      const left = (): void => {
        busy.leave(deployment);
      };
      function over(then: () => void): void {
        if (isOver) return;
        isOver = true;
        then();
      }
      const heard = (told: Testimony): void => {
        over(() => {
          copy(deps, { told, shadow, key: split.candidate }, left);
        });
      };
      const lost = (): void => {
        over(left);
      };
      const { clock } = deps;
      return {
        listener: hearSide({ ask, deployment, clock, listener, over: heard, lost }),
        cancelled: lost,
      };
    },
  };
}

/** A ticket whose end is told to the shadow as well. */
export function watched(ticket: Ticket, drawn: Drawn): Ticket {
  return {
    cancel() {
      drawn.cancelled();
      ticket.cancel();
    },
    resume: () => {
      ticket.resume();
    },
  };
}
