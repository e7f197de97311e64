import { Client } from 'pg';
import { hastyConfig, type ServerAddress } from './connect.ts';

const reconnectMs = 1000;
/** So often it is tried whether anybody is at the other end. */
const tryMs = 10_000;

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
  let last = Promise.resolve();
  async function open(): Promise<void> {
    const fresh = new Client(hastyConfig(address));
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
  /** A connection on which no answer comes is given up. */
  async function askNow(text: string, values: readonly string[]): Promise<void> {
    const asked = client;
    try {
      await asked?.query(text, [...values]);
    } catch {
      await asked?.end().catch(() => undefined);
    }
  }
  /** One question at a time. */
  function ask(text: string, values: readonly string[] = []): Promise<void> {
    last = last.then(() => askNow(text, values));
    return last;
  }
  const opening = open();
  const trying = setInterval(() => void ask('SELECT 1'), tryMs).unref();
  return {
    notify: (payload) => ask('SELECT pg_notify($1, $2)', [channel, payload]),
    async close() {
      closed = true;
      clearInterval(trying);
      await opening;
      await client?.end().catch(() => undefined);
    },
  };
}
