import { readFileSync } from 'node:fs';
import { openHeap } from './heap.ts';
import { runLoad, type Load } from './load.ts';
import type { Gateway } from './peer.ts';

/** Resident memory of a process in MiB. */
function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

/** At one time of a long run. */
interface Mark {
  /** The largest resident memory of the requests before: V8 lets its heap fill before it collects. */
  readonly residentMib: number;
  /** What is left of the heap when all of it has been collected. */
  readonly liveMib: number;
}

export interface Memory {
  readonly requests: number;
  /** After the first fifth of the requests, and after the last. */
  readonly early: Mark;
  readonly late: Mark;
}

const wanted = 1_000_000;
const fifth = wanted / 5;

export interface Watched extends Gateway {
  readonly pid: number;
  readonly inspectPort: number;
}

/** Memory of a gateway over a million requests: what grows with their count shows here. */
export async function measureMemory(gateway: Watched, load: Omit<Load, 'port' | 'headers'>): Promise<Memory> {
  const { pid, port, headers } = gateway;
  const heap = await openHeap(pid, gateway.inspectPort);
  let requests = 0;
  async function runTo(count: number): Promise<number> {
    let largestMib = 0;
    while (requests < count) {
      requests += (await runLoad({ ...load, seconds: 2, port, headers })).done;
      largestMib = Math.max(largestMib, residentMib(pid));
    }
    return largestMib;
  }
  await heap.collect();
  const early = { residentMib: await runTo(fifth), liveMib: await heap.collect() };
  await runTo(wanted - fifth);
  const late = { residentMib: await runTo(wanted), liveMib: await heap.collect() };
  heap.close();
  return { requests, early, late };
}

/** For the RESULT line. */
export function memoryResult({ requests, early, late }: Memory): Readonly<Record<string, number>> {
  const between = requests - fifth;
  return {
    memory_early_mib: early.residentMib,
    memory_late_mib: late.residentMib,
    memory_growth_ratio: late.residentMib / early.residentMib,
    memory_live_heap_early_mib: early.liveMib,
    memory_live_heap_late_mib: late.liveMib,
    memory_growth_live_bytes_per_request: ((late.liveMib - early.liveMib) * 2 ** 20) / between,
  };
}
