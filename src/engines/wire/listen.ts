import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import type { Result } from '#contracts';
import { problem } from '#schema';

export type ListenAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

const loopback = '127.0.0.1';

/**
 * Reads `unix:/absolute/path`, `tcp:PORT` for loopback or `tcp:HOST:PORT`; port 0 lets the system choose. What follows a
 * `#` only tells processes apart in lists.
 */
export function parseListen(text: string): Result<ListenAddress> {
  if (text.startsWith('unix:/')) return { ok: true, value: { kind: 'unix', path: text.slice(5) } };
  const [, host = loopback, digits] = /^tcp:(?:([^#]+):)?(\d{1,5})(?:#.*)?$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65_535) return { ok: true, value: { kind: 'tcp', host, port } };
  return {
    ok: false,
    problem: problem(
      'invalid_request',
      `Cannot listen on "${text}": write unix:/absolute/path, tcp:PORT or tcp:HOST:PORT.`,
      { param: 'listen' },
    ),
  };
}

/** Opens the server at the address; answers with the endpoint that clients use. */
export async function openListener(server: Server, address: ListenAddress): Promise<Result<string>> {
  try {
    if (address.kind === 'tcp') return { ok: true, value: await openPort(server, address) };
    return await openSocket(server, address.path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: problem('internal', `Cannot listen: ${why}`) };
  }
}

async function openPort(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  await listening(server, () => server.listen(port, host.replaceAll(/^\[|\]$/g, '')));
  const bound = server.address();
  return `http://${host}:${typeof bound === 'object' && bound !== null ? bound.port : port}`;
}

async function openSocket(server: Server, path: string): Promise<Result<string>> {
  const occupant = lstatSync(path, { throwIfNoEntry: false });
  if (occupant !== undefined) {
    if (!occupant.isSocket() || (await answers(path))) {
      return { ok: false, problem: problem('in_use', `Cannot listen: ${path} is taken.`) };
    }
    // Left behind by a process that was killed: nobody accepts there any more.
    unlinkSync(path);
  }
  await listening(server, () => server.listen(path));
  chmodSync(path, 0o600);
  return { ok: true, value: `unix:${path}` };
}

function listening(server: Server, open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    open();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
