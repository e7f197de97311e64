import type { Clock, Log, ReplicaHandle, Substrate } from '#contracts';
import { createIdle } from './idle.ts';
import { isAlive } from './identity.ts';
import { lastLines } from './logs.ts';
import { createPlaces } from './places.ts';
import { isNoteOf, readRecord, writeRecord } from './records.ts';
import { clearAway, findRunning } from './running.ts';
import { identityOf, substrateName, type Site } from './site.ts';
import { startProcess } from './start.ts';
import { stopProcess } from './stop.ts';
import { createWatch } from './watch.ts';

export interface ProcessSubstrateDeps {
  /** Sockets and notes on what runs; one folder for one platform. */
  readonly runDir: string;
  /** One log file for each replica, `NAME.replica.log`; the newest hundred are kept. Others may write here too. */
  readonly logDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What every replica inherits, `PATH` and `HOME` for example; never the platform's secrets. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Sockets where the system has them; else loopback ports. */
  readonly listenOn?: 'unix' | 'tcp' | undefined;
  /** Address of this machine that ports are opened on; loopback when absent. */
  readonly host?: string | undefined;
  /** A replica's log is cut when it grows beyond this; 8 MiB when absent. */
  readonly logBytesMax?: number | undefined;
}

const linesMax = 10_000;
const defaultLogBytesMax = 8 * 1024 * 1024;

/** Replicas as processes of this machine that outlive the platform, and are found again by it. */
export function createProcessSubstrate(deps: ProcessSubstrateDeps): Substrate {
  const site = siteOf(deps);
  /** Replicas that run elsewhere: there is nothing to start, watch or stop. */
  const elsewhere = new Map<string, ReplicaHandle>();
  return {
    name: substrateName,
    start: async (replica, plan, signal) => {
      if (plan.kind === 'process') return startProcess(site, { replica, plan, signal });
      const handle = { substrate: substrateName, replica, endpoint: plan.url, identity: {} };
      elsewhere.set(replica, handle);
      return { ok: true, value: handle };
    },
    adopt: async (handle) => {
      if (handle.substrate !== substrateName) return false;
      if (identityOf(handle) !== undefined) return adoptProcess(site, handle);
      elsewhere.set(handle.replica, handle);
      return true;
    },
    stop: async (handle, options) => {
      elsewhere.delete(handle.replica);
      await stopProcess(site, handle, options);
    },
    running: async () => [...(await findRunning(site)), ...elsewhere.values()],
    onExit: (listener) => site.watch.onExit(listener),
    logs: (replica, lines) => lastLines(site.placesOf(replica).log, Math.min(lines, linesMax)),
  };
}

function siteOf(deps: ProcessSubstrateDeps): Site {
  const { runDir, logDir, clock, log, environment = {} } = deps;
  return {
    runDir,
    logDir,
    clock,
    log,
    environment,
    idle: createIdle(environment),
    listenOn: deps.listenOn ?? (process.platform === 'win32' ? 'tcp' : 'unix'),
    host: deps.host ?? '127.0.0.1',
    placesOf: createPlaces({ runDir, logDir }),
    watch: createWatch({ clock, log, logBytesMax: deps.logBytesMax ?? defaultLogBytesMax }),
    starting: new Set(),
  };
}

async function adoptProcess(site: Site, handle: ReplicaHandle): Promise<boolean> {
  const identity = identityOf(handle);
  if (identity === undefined) return false;
  const places = site.placesOf(handle.replica);
  const record = await readRecord(places.record);
  if (!(await isAlive(identity))) {
    if (isNoteOf(record, identity)) await clearAway(places);
    return false;
  }
  if (site.watch.has(identity)) return true;
  if (!isNoteOf(record, identity)) {
    const { replica, endpoint } = handle;
    await writeRecord(places.record, { replica, listen: endpoint, endpoint, ...identity });
  }
  site.watch.add({ handle, identity, logPath: places.log });
  // Whoever started it may have ended before it could give back what it had lent.
  await site.idle.end(identity.pid);
  return true;
}
