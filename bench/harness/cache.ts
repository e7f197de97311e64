import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Everything that benches build, fetch or write lies here; git does not see it. */
export const cache = fileURLToPath(new URL('../.cache', import.meta.url));

export function cacheFolder(name: string): string {
  const path = `${cache}/${name}`;
  mkdirSync(path, { recursive: true });
  return path;
}

export function cacheFile(name: string, content: string): string {
  const path = `${cacheFolder('.')}/${name}`;
  writeFileSync(path, content);
  return path;
}
