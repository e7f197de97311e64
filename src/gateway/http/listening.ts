import type { Server } from 'node:http';
import { problem, type Config } from '#schema';
import type { Result } from '#contracts';
import type { Door } from './server.ts';

/** Starts to listen; resolves to the base URL. */
export function startListening(server: Server, config: Config): Promise<Result<string>> {
  const colonAt = config.listen.lastIndexOf(':');
  const host = config.listen.slice(0, colonAt).replace(/^\[|\]$/g, '');
  const port = Number(config.listen.slice(colonAt + 1));
  return new Promise((resolve) => {
    // Kept for good: a fault while accepting must not end the process.
    server.on('error', (fault: NodeJS.ErrnoException) => {
      const message = `Cannot listen on ${config.listen}: ${fault.code === 'EADDRINUSE' ? 'something else does' : fault.message}. Choose another address with --listen.`;
      resolve({ ok: false, problem: problem('address_in_use', message) });
    });
    server.listen(port, host, 1024, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      const shown = host.includes(':') ? `[${host}]` : host;
      resolve({ ok: true, value: `${config.tls === undefined ? 'http' : 'https'}://${shown}:${bound}` });
    });
  });
}

/** How long connections may linger once every request is over: watches reconnect, uploads resume. */
const lingerMs = 1000;
const sweepIntervalMs = 50;

/** Resolves after the time, or never when it is cleared. */
function createPatience(ms: number): { readonly over: Promise<void>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return {
    over,
    clear: () => {
      clearTimeout(timer);
    },
  };
}

/** Stops accepting, waits at most `graceMs` for `settled` and a moment for open connections, then closes what is left. */
export async function stopListening(door: Door, settled: Promise<unknown>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    door.server.close(() => {
      resolve();
    });
  });
  const sweeper = setInterval(() => {
    door.closeIdle();
  }, sweepIntervalMs);
  const grace = createPatience(graceMs);
  await Promise.race([settled, grace.over]);
  const linger = createPatience(Math.min(lingerMs, graceMs));
  await Promise.race([closed, linger.over]);
  for (const patience of [grace, linger]) patience.clear();
  clearInterval(sweeper);
  door.closeAll();
  await closed;
}
