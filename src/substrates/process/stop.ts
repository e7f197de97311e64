import type { ReplicaHandle, StopOptions } from '#contracts';
import { isAlive, signalProcess, type ProcessIdentity } from './identity.ts';
import { isNoteOf, readRecord } from './records.ts';
import { clearAway } from './running.ts';
import { identityOf, sleep, type Site } from './site.ts';

const pollMs = 25;
const killAgainMs = 5000;

/** Asks, waits, kills; resolves once the process is gone. */
export async function stopProcess(site: Site, handle: ReplicaHandle, options: StopOptions): Promise<void> {
  const identity = identityOf(handle);
  if (identity === undefined) return;
  site.watch.remove(identity);
  if (options.graceMs > 0) {
    await signalProcess(identity, 'SIGTERM', 'one');
    await goneWithin(site, identity, options.graceMs);
  }
  while (await isAlive(identity)) {
    await signalProcess(identity, 'SIGKILL', 'group');
    if (await goneWithin(site, identity, killAgainMs)) break;
    // Only the kernel can hold it now: a disk or a driver that does not answer.
    site.log.warn('process-survived-kill', { replica: handle.replica, pid: identity.pid });
  }
  const places = site.placesOf(handle.replica);
  // Unless another process has taken the name in the meantime.
  if (isNoteOf(await readRecord(places.record), identity)) await clearAway(places);
}

async function goneWithin(site: Site, identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const untilMs = site.clock.monotonicMs() + withinMs;
  while (await isAlive(identity)) {
    const leftMs = untilMs - site.clock.monotonicMs();
    if (leftMs <= 0) return false;
    await sleep(site.clock, Math.min(pollMs, leftMs));
  }
  return true;
}
