import type { ReplicaHandle } from '#contracts';
import { readAnnouncement } from './announced.ts';
import { findByListen } from './find.ts';
import { isAlive, startOf, type ProcessIdentity } from './identity.ts';
import type { Places } from './places.ts';
import { readRecords, removeFile, writeRecord, type ProcessRecord } from './records.ts';
import { handleOf, type Site } from './site.ts';

/** Everything that was noted and still lives; notes and sockets of the dead are cleared away. */
export async function findRunning(site: Site): Promise<readonly ReplicaHandle[]> {
  const handles: ReplicaHandle[] = [];
  for (const record of await readRecords(site.runDir)) {
    const places = site.placesOf(record.replica);
    const identity = await liveIdentity(places, record);
    if (identity !== undefined)
      handles.push(handleOf(record.replica, await endpointOf(record, places), identity));
    else if (!site.starting.has(record.replica)) await clearAway(places);
  }
  return handles;
}

async function endpointOf(record: ProcessRecord, places: Places): Promise<string> {
  if (record.listen.startsWith('unix:')) return record.listen;
  return record.endpoint ?? (await readAnnouncement(places.log)) ?? record.listen;
}

/** The process behind a record, if it lives. Finds the one whose pid there was no time to note. */
export async function liveIdentity(
  places: Places,
  record: ProcessRecord,
): Promise<ProcessIdentity | undefined> {
  const { pid, started, listen } = record;
  if (pid !== undefined && started !== undefined) {
    return (await isAlive({ pid, started })) ? { pid, started } : undefined;
  }
  const found = await findByListen(listen);
  const since = found === undefined ? undefined : await startOf(found);
  if (found === undefined || since === undefined) return undefined;
  await writeRecord(places.record, { ...record, pid: found, started: since });
  return { pid: found, started: since };
}

export async function clearAway(places: Places): Promise<void> {
  await removeFile(places.record);
  await removeFile(places.socket);
}
