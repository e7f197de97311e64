import { fileURLToPath } from 'node:url';
import { cache } from '../harness/cache.ts';
import { freePort, startProgram, type Running } from '../harness/process.ts';

export interface Engine extends Running {
  readonly port: number;
}

/** An engine that takes a fixed time for each request: `timed-engine.mjs WORKERS SERVICE_MS [MANNER]`. */
export async function startEngine(...args: (string | number)[]): Promise<Engine> {
  const port = await freePort();
  const script = fileURLToPath(new URL('timed-engine.mjs', import.meta.url));
  const running = await startProgram({
    command: process.execPath,
    args: [script, String(port), ...args.map(String)],
    core: undefined,
    port,
    logPath: `${cache}/timed-engine-${port}.log`,
  });
  return { ...running, port };
}
