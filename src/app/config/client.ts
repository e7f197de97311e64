import { homedir } from 'node:os';
import { join } from 'node:path';
import { localConnection, type Connection } from '../home/connection.ts';

export interface ClientFlags {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly home?: string | undefined;
}

/** Where a command finds the platform: flags, else `MILLRACE_URL` and `MILLRACE_KEY`, else the home directory. */
export function clientSettings(flags: ClientFlags): Partial<Connection> & { readonly url: string } {
  const { MILLRACE_URL: url, MILLRACE_KEY: key, MILLRACE_HOME: home } = process.env;
  const local = localConnection(flags.home ?? home ?? join(homedir(), '.millrace'));
  const found = flags.key ?? key ?? local.key;
  return {
    url: flags.url ?? url ?? local.url ?? 'http://127.0.0.1:8080',
    ...(found === undefined ? {} : { key: found }),
  };
}
