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
  const home = flags.home ?? setting('MILLRACE_HOME') ?? join(homedir(), '.millrace');
  const local = localConnection(home);
  const key = flags.key ?? setting('MILLRACE_KEY') ?? local.key;
  const url = flags.url ?? setting('MILLRACE_URL') ?? local.url ?? 'http://127.0.0.1:8080';
  return { url, ...(key === undefined ? {} : { key }) };
}

/** An empty variable is as good as none. */
function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
