import type { Clock, ReplicaExit, ReplicaHandle, Result, StopOptions, Substrate } from '#contracts';
import { problem } from '#schema';
import { createFakeMachine, type FakeMachine, type FakeProcess, type Fate } from './machine.ts';

export interface FakeSubstrateDeps {
  readonly clock: Clock;
  /** Shared by the substrate instances that are to see the same replicas; one of its own when absent. */
  readonly machine?: FakeMachine | undefined;
  /** What becomes of each start; `start` counts the starts of all replicas on the machine, from 1. */
  readonly fate?: ((replica: string, start: number) => Fate) | undefined;
}

const name = 'fake';

/** Replicas that only exist as entries of a table, and whose fates are written beforehand. */
export function createFakeSubstrate(deps: FakeSubstrateDeps): Substrate {
  const { clock, machine = createFakeMachine(deps.clock), fate = () => ({}) } = deps;
  const listeners = new Set<(exit: ReplicaExit) => void>();
  /** What each of our watchers is called with, to take it back when a stop is asked for. */
  const watching = new Map<FakeProcess, (reason: string) => void>();
  const site: FakeSite = { clock, machine, fate, watch: (process) => watch(process) };

  const watch = (process: FakeProcess): void => {
    if (watching.has(process)) return;
    const watcher = (reason: string): void => {
      watching.delete(process);
      for (const listener of listeners) callSafely(listener, { replica: process.handle.replica, reason });
    };
    watching.set(process, watcher);
    process.watchers.add(watcher);
  };

  return {
    name,
    start: (replica, plan, signal) =>
      startFake(site, { replica, endpoint: plan.kind === 'endpoint' ? plan.url : undefined, signal }),
    adopt: async (handle) => {
      const process = theSame(machine, handle);
      if (process === undefined || process.fate.adoptable === false) return false;
      watch(process);
      return true;
    },
    stop: async (handle, options) => {
      const process = theSame(machine, handle);
      if (process === undefined) return;
      const watcher = watching.get(process);
      if (watcher !== undefined) process.watchers.delete(watcher);
      watching.delete(process);
      await ended(clock, process, options);
      machine.kill(handle.replica, 'stopped');
    },
    running: async () => machine.list().map(({ handle }) => handle),
    onExit: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    logs: async (replica, lines) =>
      lines <= 0 ? [] : (machine.find(replica)?.fate.lines?.slice(-lines) ?? []),
  };
}

interface FakeSite {
  readonly clock: Clock;
  readonly machine: FakeMachine;
  readonly fate: (replica: string, start: number) => Fate;
  readonly watch: (process: FakeProcess) => void;
}

interface FakeStart {
  readonly replica: string;
  /** Only of replicas that run elsewhere. */
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}

async function startFake(site: FakeSite, start: FakeStart): Promise<Result<ReplicaHandle>> {
  const { replica, signal } = start;
  const number = site.machine.nextNumber();
  const fate = site.fate(replica, number);
  if (fate.startMs !== undefined) await sleep(site.clock, fate.startMs);
  if (signal.aborted) return { ok: false, problem: problem('shutting_down', 'The start was given up.') };
  if (fate.refuse !== undefined) return { ok: false, problem: problem('model_unavailable', fate.refuse) };
  if (site.machine.find(replica)?.alive === true) {
    return { ok: false, problem: problem('in_use', `Replica ${replica} runs already.`) };
  }
  const endpoint = start.endpoint ?? `http://${replica}.fake.invalid`;
  const handle = { substrate: name, replica, endpoint, identity: { number } };
  site.watch(site.machine.boot(handle, fate));
  return { ok: true, value: handle };
}

/** The process that the handle means: not one that has taken its name since. */
function theSame(machine: FakeMachine, handle: ReplicaHandle): FakeProcess | undefined {
  const process = machine.find(handle.replica);
  if (process === undefined || !process.alive || handle.substrate !== name) return undefined;
  return process.handle.identity['number'] === handle.identity['number'] ? process : undefined;
}

/** Resolves when a process that was asked to end does so, or its grace is over. */
async function ended(clock: Clock, process: FakeProcess, { graceMs }: StopOptions): Promise<void> {
  const { stopMs = 0, ignoreStop = false } = process.fate;
  const waitMs = ignoreStop ? graceMs : Math.min(stopMs, graceMs);
  if (waitMs > 0) await sleep(clock, waitMs);
}

function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

function callSafely(listener: (exit: ReplicaExit) => void, exit: ReplicaExit): void {
  try {
    listener(exit);
  } catch {
    // One listener's fault is no business of the others.
  }
}
