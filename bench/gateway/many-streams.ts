import { median } from '../harness/median.ts';
import type { Load } from './load.ts';
import { measure } from './measure.ts';
import type { Gateway } from './peer.ts';

/** Streams open at once, and how often each gets a chunk: 50,000 chunks a second in all. */
export const manyStreams = 1000;
export const manyPaceMs = 20;
/** A stream has 64 chunks. They begin spread over the length of one, so that neither starts nor chunks come in step. */
const staggerMs = 64 * manyPaceMs;
/** By then all are open: what a thousand connections cost that come in one moment is not what an open stream waits. */
const settleMs = staggerMs + 500;

export interface ManyStreams {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly cpuUsPerChunk: number;
  readonly chunksPerS: number;
}

/**
 * The gateways but one stand still: they share its core, and what they do while nobody asks them, collecting garbage
 * for example, is no delay of its own.
 */
async function alone<T>(
  gateways: ReadonlyMap<string, Gateway>,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const others = [...gateways].flatMap(([other, { pid }]) =>
    other === name || pid === undefined ? [] : [pid],
  );
  for (const pid of others) process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    for (const pid of others) process.kill(pid, 'SIGCONT');
  }
}

/** Delay and cost of each chunk with a thousand streams open on one core; medians over the rounds. */
export async function measureManyStreams(
  gateways: ReadonlyMap<string, Gateway>,
  bodyPath: string,
  rounds: number,
): Promise<ReadonlyMap<string, ManyStreams>> {
  const load: Omit<Load, 'port' | 'headers'> = {
    connections: manyStreams,
    seconds: 5,
    rate: 0,
    bodyPath,
    staggerMs,
    settleMs,
  };
  const seen = new Map([...gateways.keys()].map((name) => [name, [] as ManyStreams[]]));
  // The first is for compilers and connections.
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, gateway] of gateways) {
      const { report, cpuUs = Number.NaN } = await alone(gateways, name, () => measure(gateway, load));
      if (round === 0) continue;
      seen.get(name)?.push({
        p50Us: report.chunk_delay_p50_us,
        p99Us: report.chunk_delay_p99_us,
        cpuUsPerChunk: cpuUs / report.chunks,
        chunksPerS: report.chunks / report.seconds,
      });
    }
  const over = (all: readonly ManyStreams[], figure: keyof ManyStreams): number =>
    median(all.map((one) => one[figure]));
  return new Map(
    [...seen].map(([name, all]) => [
      name,
      {
        p50Us: over(all, 'p50Us'),
        p99Us: over(all, 'p99Us'),
        cpuUsPerChunk: over(all, 'cpuUsPerChunk'),
        chunksPerS: over(all, 'chunksPerS'),
      },
    ]),
  );
}
