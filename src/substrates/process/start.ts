import type { ChildProcess } from 'node:child_process';
import type { LaunchPlan, ReplicaHandle, Result } from '#contracts';
import { problem } from '#schema';
import { announcedEndpoint } from './announced.ts';
import { startOf, type ProcessIdentity } from './identity.ts';
import { launch } from './launch.ts';
import { pruneLogs, removeLog } from './logs.ts';
import type { Places } from './places.ts';
import { reasonOf, type Ending } from './reason.ts';
import { readRecord, removeFile, writeRecord, type ProcessRecord } from './records.ts';
import { liveIdentity } from './running.ts';
import { handleOf, type Site } from './site.ts';

export interface Start {
  readonly replica: string;
  readonly plan: Extract<LaunchPlan, { readonly kind: 'process' }>;
  readonly signal: AbortSignal;
}

const logFilesMax = 100;
/** On a machine that is full nobody would ever leave the processor to it; so much longer loading takes there at most. */
const idleMaxMs = 5000;

/** Starts one process and notes it on disk before and after, so that no moment of ours to die in loses it. */
export async function startProcess(site: Site, start: Start): Promise<Result<ReplicaHandle>> {
  const { replica } = start;
  if (site.starting.has(replica)) return refused('in_use', `Replica ${replica} is being started already.`);
  site.starting.add(replica);
  try {
    const places = site.placesOf(replica);
    const known = await readRecord(places.record);
    const runs = known !== undefined && (await liveIdentity(places, known)) !== undefined;
    return runs ? refused('in_use', `Replica ${replica} runs already.`) : await bringUp(site, start, places);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused('model_unavailable', `The process of replica ${replica} could not be started: ${why}`);
  } finally {
    site.starting.delete(replica);
  }
}

async function bringUp(site: Site, start: Start, places: Places): Promise<Result<ReplicaHandle>> {
  const { replica, plan } = start;
  // A port is no name: the mark tells whose process it is, should we die before its pid is noted.
  const listen = site.listenOn === 'unix' ? `unix:${places.socket}` : `tcp:${site.host}:0#${places.mark}`;
  const record: ProcessRecord = { replica, listen };
  await writeRecord(places.record, record);
  await pruneLogs(site.logDir, logFilesMax, site.watch.logPaths());
  await removeLog(places.log);
  if (start.signal.aborted) return givenUp(places);
  const env = { ...site.environment, ...plan.env };
  try {
    const under = plan.givesWay === true ? await site.idle.command() : [];
    const child = await launch({
      program: plan,
      under,
      listen,
      env,
      workDir: site.runDir,
      logPath: places.log,
    });
    if (under.length > 0) endIdle(site, child);
    return await takeCharge(site, start, { places, record, child });
  } catch (error) {
    await removeFile(places.record).catch(() => undefined);
    throw error;
  }
}

function endIdle({ clock, idle }: Site, child: ChildProcess): void {
  const stopTimer = clock.setTimer(idleMaxMs, () => {
    if (child.pid !== undefined) void idle.end(child.pid);
  });
  child.once('exit', stopTimer);
}

interface Launched {
  readonly places: Places;
  readonly record: ProcessRecord;
  readonly child: ChildProcess;
}

/** From here on it runs: either it is noted and watched, or it is killed. */
async function takeCharge(
  site: Site,
  start: Start,
  { places, record, child }: Launched,
): Promise<Result<ReplicaHandle>> {
  const ended = endingOf(child);
  try {
    const identity = await identify(child);
    if (identity === undefined) return await diedAtOnce(places, await ended);
    await writeRecord(places.record, { ...record, ...identity });
    const endpoint = await endpointOf(site, start, { places, listen: record.listen, identity });
    if (endpoint === undefined) {
      child.kill('SIGKILL');
      const ending = await ended;
      return await (start.signal.aborted ? givenUp(places) : diedAtOnce(places, ending));
    }
    await writeRecord(places.record, { ...record, ...identity, endpoint });
    const handle = handleOf(start.replica, endpoint, identity);
    site.watch.add({ handle, identity, logPath: places.log, ended });
    return { ok: true, value: handle };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function identify(child: ChildProcess): Promise<ProcessIdentity | undefined> {
  const { pid } = child;
  const started = pid === undefined ? undefined : await startOf(pid);
  return pid === undefined || started === undefined ? undefined : { pid, started };
}

interface Listening {
  readonly places: Places;
  readonly listen: string;
  readonly identity: ProcessIdentity;
}

/** A socket's path is known beforehand; a port is the system's choice, and the process tells it. */
async function endpointOf(site: Site, start: Start, at: Listening): Promise<string | undefined> {
  if (start.signal.aborted) return undefined;
  if (site.listenOn === 'unix') return at.listen;
  return announcedEndpoint(site.clock, { ...at, signal: start.signal });
}

async function givenUp(places: Places): Promise<Result<ReplicaHandle>> {
  await removeFile(places.record);
  return refused('shutting_down', 'The start was given up.');
}

async function diedAtOnce(places: Places, ending: Ending): Promise<Result<ReplicaHandle>> {
  await removeFile(places.record);
  const reason = await reasonOf(ending, places.log);
  return refused('model_unavailable', `The process ended as soon as it was started: it ${reason}`);
}

function refused(
  code: 'in_use' | 'model_unavailable' | 'shutting_down',
  message: string,
): Result<ReplicaHandle> {
  return { ok: false, problem: problem(code, message) };
}
