import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import Database from 'libsql';
import { problem, type Problem } from '#schema';
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
  try {
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function unusable(root: string, fault: unknown): Problem {
  const why = fault instanceof Error ? fault.message : String(fault);
  const message = `Cannot use ${root} as home directory: ${why}. Make it writable, or choose another with --home.`;
  return problem('invalid_config', message, { param: 'home' });
}

function alreadyRuns(paths: HomePaths): Problem {
  const address = readIfThere(paths.address);
  const where = address === undefined ? '' : ` It answers at ${address}.`;
  return problem(
    'already_running',
    `A Millrace already runs on ${paths.root}.${where} Stop it first, or choose another directory with --home.`,
  );
}

function lockProblem(paths: HomePaths, fault: unknown): Problem {
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : '';
  if (code.startsWith('SQLITE_BUSY')) return alreadyRuns(paths);
  if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) return unusable(paths.root, fault);
  const message = `${paths.lock} is damaged. It holds nothing: delete it and start again.`;
  return problem('invalid_config', message, { param: 'home' });
}

/**
 * One platform for one home. The lock is SQLite's on a file of its own: the kernel gives it back however the process
 * ends, kill -9 included, and two starts at the same moment cannot both get it.
 */
function takeLock(paths: HomePaths): Result<() => void> {
  let database: Database.Database | undefined;
  try {
    closeSync(openSync(paths.lock, 'a', 0o600));
    database = new Database(paths.lock);
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return { ok: true, value: () => held.close() };
  } catch (fault) {
    database?.close();
    return { ok: false, problem: lockProblem(paths, fault) };
  }
}

/** What a new file system puts into its root by itself. */
const nobodysOwn = new Set(['lost+found']);

/** Makes the directory, or takes one that is empty or a home already. What belongs to others stays as it is. */
function prepareRoot({ root, store, lock }: HomePaths): Problem | undefined {
  const made = mkdirSync(root, { recursive: true, mode: 0o700 }) !== undefined;
  const isHome = existsSync(store) || existsSync(lock);
  if (!made && !isHome && readdirSync(root).some((name) => !nobodysOwn.has(name)))
    return problem(
      'invalid_config',
      `${root} holds files that are not Millrace's. Choose an empty or a new directory with --home.`,
      { param: 'home' },
    );
  const isOurs = statSync(root).uid === process.getuid?.();
  if (made || (isHome && isOurs)) chmodSync(root, 0o700);
  return undefined;
}

/** The lock comes first: whoever has it knows the directory as a home again, whatever becomes of the rest. */
function takeHome(paths: HomePaths): Result<() => void> {
  const refused = prepareRoot(paths);
  if (refused) return { ok: false, problem: refused };
  const lock = takeLock(paths);
  if (!lock.ok) return lock;
  try {
    for (const directory of [paths.run, paths.logs, paths.blobs])
      mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (fault) {
    lock.value();
    throw fault;
  }
  return lock;
}

function taken(paths: HomePaths): Result<() => void> {
  try {
    return takeHome(paths);
  } catch (fault) {
    return { ok: false, problem: unusable(paths.root, fault) };
  }
}

/** Makes the home directory ready, readable by its owner alone, and takes it for this process. */
export function openHome(root: string): Result<Home> {
  const paths = homePaths(root);
  const lock = taken(paths);
  if (!lock.ok) return lock;
  return {
    ok: true,
    value: {
      paths,
      announce(url) {
        writePrivately(paths.address, `${url}\n`);
      },
      close() {
        try {
          rmSync(paths.address, { force: true });
        } finally {
          lock.value();
        }
      },
    },
  };
}
