import { problemOf } from '#schema';
import { restartDelay, type RestartMemory } from '#policies';
import type { Clock, Log, Rng } from '#contracts';
import { createAgenda, type Agenda } from './agenda.ts';
import type { Acted } from './records.ts';

/** The one action all kinds share: look at this key again, even if nothing is heard of it. */
export interface Again {
  readonly kind: 'again';
  readonly afterMs: number;
}

interface Named {
  readonly kind: string;
}

/** What the loop needs to know of one kind of resource. */
export interface Reconciler<Wanted, Observed, Action extends Named> {
  /** For the log. */
  readonly name: string;
  /** Every key there may be something to do for. */
  keys(): Promise<readonly string[]>;
  observe(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly wanted: Wanted; readonly observed: Observed }>;
  /** Pure. */
  reconcile(wanted: Wanted, observed: Observed, nowMs: number): readonly (Action | Again)[];
  act(action: Action, signal: AbortSignal): Promise<Acted>;
}

export interface LoopDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface LoopOptions {
  /** Keys worked on at the same time. */
  readonly concurrencyMax: number;
  /** How often every key is looked at, in case a change was not heard of. */
  readonly resyncMs: number;
}

export interface Loop {
  /** Looks at every key once, then whenever woken, an alarm is due or it is time to resynchronise. */
  start(): void;
  /** Something has changed: look at this key soon. */
  wake(key: string): void;
  /** Begins nothing new, cancels what runs, and waits for its end, but at most `stopMaxMs`. */
  stop(): Promise<void>;
}

/** After a lost race for a resource. */
const staleMs = 10;
/** News of a key that keeps failing: sooner than its back-off, but not as fast as it fails. */
const newsMs = 1000;
/** While the store is away; that says nothing of the key, and whatever has failed meanwhile waits for its return. */
const outageMs = 2000;
const stopMaxMs = 10_000;

interface Turn {
  running: boolean;
  /** Woken while running: what it saw may be old. */
  woken: boolean;
  retry: RestartMemory;
}

interface State<Wanted, Observed, Action extends Named> {
  readonly deps: LoopDeps;
  readonly options: LoopOptions;
  readonly reconciler: Reconciler<Wanted, Observed, Action>;
  readonly turns: Map<string, Turn>;
  /** In the order they were woken. */
  readonly due: Set<string>;
  readonly passes: Set<Promise<void>>;
  readonly abort: AbortController;
  /** One for each pass: a signal of all would have as many listeners as there are probes under way. */
  readonly aborts: Set<AbortController>;
  readonly agenda: Agenda;
  cancelResync: (() => void) | undefined;
}

type AnyState = State<unknown, unknown, Named>;

function isAgain(action: Named): action is Again {
  return action.kind === 'again';
}

/** Observes, decides and acts for one key. Answers after how long it wants to be looked at again. */
async function runPass(
  { reconciler, deps }: AnyState,
  key: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { wanted, observed } = await reconciler.observe(key, signal);
  if (signal.aborted) return undefined;
  let againMs: number | undefined;
  for (const action of reconciler.reconcile(wanted, observed, deps.clock.nowMs())) {
    if (signal.aborted) return undefined;
    if (isAgain(action)) againMs = Math.min(againMs ?? Infinity, Math.max(0, action.afterMs));
    else if ((await reconciler.act(action, signal)) === 'stale') return staleMs;
  }
  return againMs;
}

/** Grows with each failure in a row. */
function delayAfterFault({ clock, rng }: LoopDeps, turn: Turn): number {
  const nowMs = clock.monotonicMs();
  const input = { nowMs, chance: rng.next(), failed: true, steadyMs: undefined };
  turn.retry = restartDelay.decide(input, { ...turn.retry, nextStartAtMs: undefined }).memory;
  return (turn.retry.nextStartAtMs ?? nowMs) - nowMs;
}

function failed(state: AnyState, key: string, thrown: unknown): void {
  const { deps, abort, turns, agenda, reconciler } = state;
  const turn = turns.get(key);
  if (abort.signal.aborted || turn === undefined) return;
  const { code, message } = problemOf(thrown);
  const retryMs = code === 'store_unreachable' ? outageMs : delayAfterFault(deps, turn);
  deps.log.error('reconcile-failed', { kind: reconciler.name, key, code, message, retryMs });
  agenda.set(key, turn.woken ? Math.min(newsMs, retryMs) : retryMs);
}

async function runTurn(state: AnyState, key: string, turn: Turn): Promise<void> {
  const own = new AbortController();
  state.aborts.add(own);
  try {
    const againMs = await runPass(state, key, own.signal);
    turn.retry = restartDelay.begin();
    if (againMs !== undefined) state.agenda.set(key, againMs);
    if (turn.woken) state.due.add(key);
  } catch (thrown) {
    failed(state, key, thrown);
  }
  state.aborts.delete(own);
  turn.running = false;
  if (!state.due.has(key) && !state.agenda.has(key)) state.turns.delete(key);
}

function pump(state: AnyState): void {
  const { due, turns, passes, options, abort, agenda } = state;
  for (const key of due) {
    if (abort.signal.aborted || passes.size >= options.concurrencyMax) return;
    const turn = turns.get(key) ?? { running: false, woken: false, retry: restartDelay.begin() };
    if (turn.running) continue;
    turns.set(key, turn);
    due.delete(key);
    agenda.clear(key);
    turn.running = true;
    turn.woken = false;
    const pass = runTurn(state, key, turn).finally(() => {
      passes.delete(pass);
      pump(state);
    });
    passes.add(pass);
  }
}

function wake(state: AnyState, key: string): void {
  const turn = state.turns.get(key);
  if (turn?.running === true) turn.woken = true;
  else if (turn !== undefined && turn.retry.restarts > 0) state.agenda.set(key, newsMs);
  else state.due.add(key);
  pump(state);
}

async function wakeAll({ reconciler, deps, turns, due }: AnyState): Promise<void> {
  try {
    for (const key of await reconciler.keys()) {
      const turn = turns.get(key);
      // Those that fail have their own alarm, those that run have just looked.
      if (turn === undefined || (!turn.running && turn.retry.restarts === 0)) due.add(key);
    }
  } catch (thrown) {
    deps.log.error('resync-failed', { kind: reconciler.name, message: problemOf(thrown).message });
  }
}

/** Runs until stopped: lists every key, and again after a while, whatever the listing came to. */
async function resync(state: AnyState): Promise<void> {
  await wakeAll(state);
  if (state.abort.signal.aborted) return;
  state.cancelResync = state.deps.clock.setTimer(state.options.resyncMs, () => void resync(state));
  pump(state);
}

async function stop({ abort, aborts, agenda, due, passes, deps, cancelResync }: AnyState): Promise<void> {
  abort.abort();
  for (const own of aborts) own.abort();
  cancelResync?.();
  agenda.clearAll();
  due.clear();
  const ended = Promise.allSettled(passes);
  await new Promise<void>((resolve) => {
    const cancelTimer = deps.clock.setTimer(stopMaxMs, resolve);
    void ended.finally(() => {
      cancelTimer();
      resolve();
    });
  });
}

/**
 * Drives the resources of one kind towards what is wanted. Never two passes for one key at the same time; a pass that
 * throws is logged and tried again with growing delays, and disturbs no other key.
 */
export function createLoop<Wanted, Observed, Action extends Named>(
  deps: LoopDeps,
  reconciler: Reconciler<Wanted, Observed, Action>,
  options: LoopOptions,
): Loop {
  const state: AnyState = {
    deps,
    options,
    reconciler,
    turns: new Map(),
    due: new Set(),
    passes: new Set(),
    abort: new AbortController(),
    aborts: new Set(),
    agenda: createAgenda(deps.clock, (key) => {
      state.due.add(key);
      pump(state);
    }),
    cancelResync: undefined,
  };
  return {
    start: () => void resync(state),
    wake: (key) => wake(state, key),
    stop: () => stop(state),
  };
}
