import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const figures = z.object({
  speedup: z.number(),
  speedup_controlled: z.number(),
  million_requests: z.number(),
  million_requests_s: z.number(),
  million_requests_mib: z.number(),
});

/**
 * How many times faster than real time eight replicas are simulated, also with a control plane that scales them; and
 * what a million requests need.
 */
export async function measureSpeed(): Promise<z.infer<typeof figures>> {
  const script = fileURLToPath(new URL('speed-run.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const found = figures.parse(JSON.parse(stdout));
  const { speedup, speedup_controlled: controlled, million_requests_s: seconds } = found;
  console.log(
    `eight replicas: ${Math.round(speedup)} times real time, ${Math.round(controlled)} with the control plane inside; ${found.million_requests} requests in ${seconds.toFixed(1)} s, ${found.million_requests_mib.toFixed(0)} MiB more`,
  );
  return found;
}
