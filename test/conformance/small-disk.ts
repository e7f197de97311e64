import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that is really small, or why there can be none here. */
export type SmallDisk =
  | { readonly ok: true; readonly path: string; readonly remove: () => void }
  | { readonly ok: false; readonly reason: string };

/** Needs Linux and the right to mount. */
export function mountSmallDisk(sizeBytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'millrace-small-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (cause) {
    rmSync(path, { recursive: true });
    return { ok: false, reason: `no small disk can be mounted here: ${String(cause).trim()}` };
  }
  const remove = () => {
    execFileSync('/bin/umount', ['--lazy', path]);
    rmSync(path, { recursive: true });
  };
  return { ok: true, path, remove };
}
