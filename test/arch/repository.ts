import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Absolute path of the repository, without a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Text files of the repository, committed or about to be, relative to its root; undefined outside a git checkout. */
export function trackedFiles(): readonly string[] | undefined {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) return undefined;
  return stdout.split('\0').filter((path) => path !== '' && existsSync(`${root}/${path}`));
}

/** The content of a text file; undefined for binary ones. */
export function textOf(path: string): string | undefined {
  const bytes = readFileSync(`${root}/${path}`);
  return bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8');
}

const roomTable = z.object({
  rooms: z.record(z.string(), z.array(z.string())),
  pure: z.record(z.string(), z.array(z.string())),
  shelves: z.array(z.string()),
});

/** The law, as the linter reads it. */
export async function readLaw(): Promise<z.infer<typeof roomTable>> {
  return roomTable.parse(await import(`${root}/tools/rooms.mjs`));
}
