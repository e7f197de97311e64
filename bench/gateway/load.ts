import { spawn } from 'node:child_process';
import { z } from 'zod';
import { cache } from '../harness/cache.ts';
import { cores } from '../harness/process.ts';

const loadReport = z.object({
  done: z.number(),
  seconds: z.number(),
  errors: z.number(),
  refused: z.number(),
  first_refusal: z.number(),
  missed: z.number(),
  chunks: z.number(),
  latency_p50_us: z.number(),
  latency_p99_us: z.number(),
  chunk_delay_p50_us: z.number(),
  chunk_delay_p99_us: z.number(),
  /** Requests that were sent, and those answered with 200 within `withinMs`. */
  sent: z.number(),
  in_time: z.number(),
  latency_mean_us: z.number(),
});

export type LoadReport = z.infer<typeof loadReport>;

export interface Load {
  readonly port: number;
  readonly headers: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second, or 0 for as many as the connections carry. */
  readonly rate: number;
  readonly bodyPath: string;
  /** Where to POST; chat completions when absent. */
  readonly path?: string;
  /** With a rate: arrivals by chance instead of evenly. */
  readonly poisson?: boolean;
  /** Answers of 200 within this time are counted. */
  readonly withinMs?: number;
  /** Without a rate: connections begin spread over this time; 50 ms when absent. */
  readonly staggerMs?: number;
  /** Delays of chunks count from then on; from the beginning when absent. */
  readonly settleMs?: number;
}

function environmentOf({ path, poisson, withinMs, staggerMs, settleMs }: Load): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(path === undefined ? {} : { LOAD_PATH: path }),
    ...(poisson === true ? { LOAD_POISSON: '1' } : {}),
    ...(withinMs === undefined ? {} : { LOAD_WITHIN_MS: String(withinMs) }),
    ...(staggerMs === undefined ? {} : { LOAD_STAGGER_MS: String(staggerMs) }),
    ...(settleMs === undefined ? {} : { LOAD_SETTLE_MS: String(settleMs) }),
  };
}

export async function runLoad(load: Load): Promise<LoadReport> {
  const { port, connections, seconds, rate, bodyPath, headers } = load;
  const numbers = [port, connections, seconds, rate].map(String);
  const args = ['-c', String(cores.load), `${cache}/load`, ...numbers, bodyPath, ...headers];
  const child = spawn('taskset', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(load),
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the load generator ended with code ${code ?? 'none'}`);
  return loadReport.parse(JSON.parse(text));
}
