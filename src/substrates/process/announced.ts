import { z } from 'zod';
import type { Clock } from '#contracts';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { lastLines } from './logs.ts';
import type { Places } from './places.ts';
import { sleep } from './site.ts';

export interface Announcement {
  readonly places: Places;
  readonly identity: ProcessIdentity;
  readonly signal: AbortSignal;
}

const pollMs = 25;

/** Waits for the line in which a worker says where it listens; `undefined` when it ends before, or nobody waits. */
export async function announcedEndpoint(
  clock: Clock,
  announcement: Announcement,
): Promise<string | undefined> {
  const { places, identity, signal } = announcement;
  while (!signal.aborted && (await isAlive(identity))) {
    const endpoint = await readAnnouncement(places.log);
    if (endpoint !== undefined) return endpoint;
    await sleep(clock, pollMs);
  }
  return undefined;
}

const line = z.looseObject({ event: z.literal('worker-listening'), endpoint: z.string() });

export async function readAnnouncement(logPath: string): Promise<string | undefined> {
  const lines = await lastLines(logPath, 1000);
  for (const text of lines.filter((one) => one.startsWith('{')).toReversed()) {
    const endpoint = endpointIn(text);
    if (endpoint !== undefined) return endpoint;
  }
  return undefined;
}

function endpointIn(text: string): string | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return line.safeParse(content).data?.endpoint;
  } catch {
    return undefined;
  }
}
