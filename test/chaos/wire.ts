import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The way from one process to the database. */
export interface Wire {
  /** The database, by this way. */
  readonly url: string;
  /** Ends every connection, and takes none: both sides know at once. */
  cut(): void;
  /** Nothing comes through any more, and nobody is told: packets are lost. */
  hold(): void;
  /** As it was. What was held goes on, as if it had been sent again. */
  mend(): void;
  close(): Promise<void>;
}

/** A relay before the server at `url` that can be cut. */
export async function openWire(url: string): Promise<Wire> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let state: 'whole' | 'cut' | 'held' = 'whole';

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    if (state === 'held') socket.pause();
  }
  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    keep(far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.once('close', () => to.destroy());
      if (state === 'held') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const here = new URL(url);
  here.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: here.href,
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    hold() {
      state = 'held';
      for (const socket of sockets) socket.pause();
    },
    mend() {
      state = 'whole';
      for (const socket of sockets) socket.resume();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
