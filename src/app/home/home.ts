import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'libsql';
import { problem } from '#schema';
import type { Result } from '#contracts';
import { homePaths, type HomePaths } from './paths.ts';

export interface Home {
  readonly paths: HomePaths;
  /** Tells local clients where we listen. */
  announce(url: string): void;
  close(): void;
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Replaces a file so that whoever reads sees the old content or the new, and only the owner can read it. */
export function writePrivately(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600, flush: true });
  renameSync(temporary, path);
}

/**
 * One platform for one home. The lock is SQLite's on a file of its own: the kernel gives it back however the process
 * ends, kill -9 included, and two starts at the same moment cannot both get it.
 */
function takeLock(paths: HomePaths): Result<() => void> {
  const database = new Database(paths.lock);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
    return { ok: true, value: () => database.close() };
  } catch {
    database.close();
    const address = readIfThere(paths.address);
    const where = address === undefined ? '' : ` It answers at ${address}.`;
    return {
      ok: false,
      problem: problem(
        'already_running',
        `A Millrace already runs on ${paths.root}.${where} Stop it first, or choose another directory with --home.`,
      ),
    };
  }
}

/** Makes the home directory ready, readable by its owner alone, and takes it for this process. */
export function openHome(root: string): Result<Home> {
  const paths = homePaths(root);
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    chmodSync(root, 0o700);
    for (const directory of [paths.run, paths.logs, paths.blobs])
      mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return {
      ok: false,
      problem: problem(
        'invalid_config',
        `Cannot use ${root} as home directory: ${why}. Choose another with --home.`,
        { param: 'home' },
      ),
    };
  }
  const lock = takeLock(paths);
  if (!lock.ok) return lock;
  return {
    ok: true,
    value: {
      paths,
      announce(url) {
        writePrivately(paths.address, `${url}\n`);
      },
      close() {
        rmSync(paths.address, { force: true });
        lock.value();
      },
    },
  };
}
