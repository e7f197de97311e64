import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessSubstrate } from '#substrates';
import type { LaunchPlan, ReplicaExit, ReplicaHandle } from '#contracts';
import { quietLog } from '../world/quiet-log.ts';
import { systemClock } from './system-clock.ts';

export interface RunningPlan {
  readonly handle: ReplicaHandle;
  readonly endpoint: string;
  /** Resolves when it ends without being asked to. */
  readonly exit: Promise<ReplicaExit>;
  logs(): Promise<readonly string[]>;
  stop(graceMs: number): Promise<void>;
  /** Ends it and removes what it has left. */
  close(): Promise<void>;
}

/** Runs what an engine wants launched as a process of this machine. */
export async function runPlan(plan: LaunchPlan, listenOn: 'unix' | 'tcp' = 'unix'): Promise<RunningPlan> {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const substrate = createProcessSubstrate({
    runDir: join(folder, 'run'),
    logDir: join(folder, 'logs'),
    clock: systemClock,
    log: quietLog,
    listenOn,
  });
  const exit = new Promise<ReplicaExit>((resolve) => {
    substrate.onExit(resolve);
  });
  const started = await substrate.start('demo-1', plan, new AbortController().signal);
  if (!started.ok) throw new Error(started.problem.message);
  const handle = started.value;
  return {
    handle,
    endpoint: handle.endpoint,
    exit,
    logs: () => substrate.logs('demo-1', 100),
    stop: (graceMs) => substrate.stop(handle, { graceMs }),
    close: async () => {
      await substrate.stop(handle, { graceMs: 0 });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
