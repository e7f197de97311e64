import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem, ProblemError } from '#schema';

/** Where the files of a replica are. */
export interface Places {
  readonly record: string;
  /** Names the replica's process among all of the machine. */
  readonly mark: string;
  readonly socket: string;
  readonly log: string;
}

export interface Folders {
  readonly runDir: string;
  readonly logDir: string;
}

/**
 * `sun_path` holds 108 bytes on Linux and 104 elsewhere, the final zero included; a longer path would be cut or
 * refused.
 */
const socketPathBytesMax = process.platform === 'linux' ? 107 : 103;

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Names files after the replica, in folders that only this user can enter. */
export function createPlaces({ runDir, logDir }: Folders): (replica: string) => Places {
  let socketDir: string | undefined;
  return (replica) => {
    const short = digestOf(replica);
    socketDir ??= chooseSocketDir(runDir, `${short}.sock`);
    // Resource names have up to 253 characters, file names 255, and ".replica.log.1" must fit too.
    const name = replica.length <= 200 && /^[a-z0-9][-a-z0-9.]*$/.test(replica) ? replica : short;
    return {
      record: join(runDir, `${short}.json`),
      mark: digestOf(`${runDir} ${replica}`),
      socket: join(socketDir, `${short}.sock`),
      log: join(logDir, `${name}.replica.log`),
    };
  };
}

function chooseSocketDir(runDir: string, example: string): string {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  if (Buffer.byteLength(join(runDir, example)) <= socketPathBytesMax) return runDir;
  const user = process.getuid?.();
  const folder = join(tmpdir(), `millrace-${user ?? 'user'}-${digestOf(runDir)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The name can be foreseen: somebody else may have been there before.
  const found = lstatSync(folder);
  const ours =
    found.isDirectory() && (user === undefined || found.uid === user) && (found.mode & 0o077) === 0;
  if (ours) return folder;
  throw new ProblemError(
    problem(
      'internal',
      `${folder} belongs to someone else or is open to others; remove it or use a shorter home.`,
    ),
  );
}
