import { readFileSync } from 'node:fs';
import type { Load } from './load.ts';
import { runLoad } from './load.ts';
import type { Gateway } from './peer.ts';

/** Resident memory of a process in MiB. */
function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

export interface Memory {
  readonly requests: number;
  /** After the first fifth of the requests, and after all. */
  readonly earlyMib: number;
  readonly lateMib: number;
}

/** Resident memory of a gateway over a million requests: what grows with the count shows here. */
export async function measureMemory(
  gateway: Gateway & { readonly pid: number },
  load: Omit<Load, 'port' | 'headers'>,
): Promise<Memory> {
  const wanted = 1_000_000;
  let requests = 0;
  let earlyMib = Number.NaN;
  while (requests < wanted) {
    const { done } = await runLoad({ ...load, seconds: 4, port: gateway.port, headers: gateway.headers });
    requests += done;
    if (Number.isNaN(earlyMib) && requests >= wanted / 5) earlyMib = residentMib(gateway.pid);
  }
  return { requests, earlyMib, lateMib: residentMib(gateway.pid) };
}
