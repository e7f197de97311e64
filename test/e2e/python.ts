import { spawnSync } from 'node:child_process';

/** A Python that can import the packages, or why there is none. `MILLRACE_PYTHON` names one; else `python3` is tried. */
export function findPython(
  packages: readonly string[],
): { readonly command: string } | { readonly missing: string } {
  const command = process.env['MILLRACE_PYTHON'] ?? 'python3';
  const tried = spawnSync(command, ['-c', `import ${packages.join(', ')}`], { encoding: 'utf8' });
  if (tried.status === 0) return { command };
  return { missing: `${command} cannot import ${packages.join(', ')}` };
}
