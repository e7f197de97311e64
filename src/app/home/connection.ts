import { homePaths } from './paths.ts';
import { readIfThere } from './home.ts';

export interface Connection {
  readonly url: string;
  readonly key: string;
}

/** Where the platform of this home listens, and its administrator's key, as far as they are there. */
export function localConnection(root: string): Partial<Connection> {
  const paths = homePaths(root);
  const url = readIfThere(paths.address);
  const key = readIfThere(paths.adminKey);
  return { ...(url === undefined ? {} : { url }), ...(key === undefined ? {} : { key }) };
}
