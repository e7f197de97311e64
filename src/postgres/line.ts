import { Client } from 'pg';
import { clientConfig, type ServerAddress } from './connect.ts';

const reconnectMs = 1000;

/** A connection that hears what other processes tell. */
export interface Line {
  /** Nothing happens while there is no connection. At most 8000 bytes. */
  notify(payload: string): Promise<void>;
  close(): Promise<void>;
}

/** LISTEN and NOTIFY on one channel, connected anew for as long as it is wanted. What is told meanwhile is lost. */
export function createLine(address: ServerAddress, topic: string, hear: (payload: string) => void): Line {
  const channel = `${address.schema}_${topic}`;
  let client: Client | undefined;
  let closed = false;
  async function open(): Promise<void> {
    const fresh = new Client(clientConfig(address));
    fresh.on('error', () => undefined);
    fresh.on('end', () => {
      client = undefined;
      if (!closed) setTimeout(() => void open(), reconnectMs).unref();
    });
    fresh.on('notification', ({ payload }) => hear(payload ?? ''));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN "${channel}"`);
      client = fresh;
    } catch {
      await fresh.end().catch(() => undefined);
    }
  }
  const opening = open();
  return {
    async notify(payload) {
      await client?.query('SELECT pg_notify($1, $2)', [channel, payload]).catch(() => undefined);
    },
    async close() {
      closed = true;
      await opening;
      await client?.end().catch(() => undefined);
    },
  };
}
