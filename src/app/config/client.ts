import { homedir } from 'node:os';
import { join } from 'node:path';
import { localConnection, type Connection } from '../home/connection.ts';

export interface ClientFlags {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly home?: string | undefined;
}

/**
 * Where a command finds the platform: flags, else `MILLRACE_URL` and `MILLRACE_KEY`, else the home directory. The key
 * in the home directory is the administrator's: it goes to the address that this home announces and nowhere else.
 */
export function clientSettings(flags: ClientFlags): Partial<Connection> & { readonly url: string } {
  const home = flags.home ?? setting('MILLRACE_HOME') ?? join(homedir(), '.millrace');
  const local = localConnection(home);
  const url = flags.url ?? setting('MILLRACE_URL') ?? local.url ?? 'http://127.0.0.1:8080';
  const key = flags.key ?? setting('MILLRACE_KEY') ?? (isSameOrigin(url, local.url) ? local.key : undefined);
  return { url, ...(key === undefined ? {} : { key }) };
}

function isSameOrigin(url: string, announced: string | undefined): boolean {
  if (announced === undefined || !URL.canParse(url) || !URL.canParse(announced)) return false;
  return new URL(url).origin === new URL(announced).origin;
}

/** An empty variable is as good as none. */
function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
