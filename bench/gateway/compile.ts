import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cache, cacheFolder } from '../harness/cache.ts';

const programs = ['upstream', 'load', 'relay'] as const;

/** Compiles the C programs that are older than their sources. Gives the reason when it cannot be done. */
export function compilePrograms(): string | undefined {
  if (process.platform !== 'linux') return 'This bench reads /proc and uses epoll: it needs Linux.';
  cacheFolder('.');
  for (const name of programs) {
    const source = fileURLToPath(new URL(`native/${name}.c`, import.meta.url));
    const built = `${cache}/${name}`;
    if (existsSync(built) && statSync(built).mtimeMs >= statSync(source).mtimeMs) continue;
    const { status, error, stderr } = spawnSync('cc', ['-O2', '-o', built, source, '-lm'], {
      encoding: 'utf8',
    });
    if (error) return 'This bench needs a C compiler (cc), for example the package gcc.';
    if (status !== 0) return `cc could not compile ${name}.c:\n${stderr}`;
  }
  return undefined;
}
