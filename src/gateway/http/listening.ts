import type { Server } from 'node:http';
import { problem, type Config } from '#schema';
import type { Result } from '#contracts';

/** Starts to listen; resolves to the base URL. */
export function startListening(server: Server, config: Config): Promise<Result<string>> {
  const colonAt = config.listen.lastIndexOf(':');
  const host = config.listen.slice(0, colonAt).replace(/^\[|\]$/g, '');
  const port = Number(config.listen.slice(colonAt + 1));
  return new Promise((resolve) => {
    server.once('error', (fault: NodeJS.ErrnoException) => {
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

/** Stops accepting, waits for `settled` and open connections for at most `graceMs`, then closes what is left. */
export async function stopListening(
  server: Server,
  settled: Promise<unknown>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([Promise.all([settled, closed]), patience]);
  clearTimeout(timer);
  server.closeAllConnections();
  await closed;
}
