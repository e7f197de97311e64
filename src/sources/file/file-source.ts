import { constants, type BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ByteRange, Result, Source, SourceFile } from '#contracts';
import { ProblemError, problem } from '#schema';
import { exactBytes } from '../exact-bytes.ts';
import { nameOf, notThere, refusalOf, unavailable, unreadable } from '../unavailable.ts';

const pieceBytes = 1024 * 1024;
/** A pipe is opened without waiting for somebody to write into it, and then refused. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

const missing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);
const closed: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENXIO']);

/** Files of this machine: `file:/absolute/path`, characters that mean something in a URL percent-encoded. */
export function createFileSource(): Source {
  return {
    scheme: 'file',
    async open(uri) {
      const path = pathOf(uri);
      if (!path.ok) return path;
      try {
        const handle = await open(path.value, readOnly);
        try {
          const stats = await handle.stat({ bigint: true });
          if (!stats.isFile())
            return { ok: false, problem: unreadable(`${path.value} is not a regular file.`) };
          return { ok: true, value: describe(path.value, stats) };
        } finally {
          await handle.close();
        }
      } catch (cause) {
        return refusalOfFile(cause, path.value);
      }
    },
  };
}

function refusalOfFile(cause: unknown, path: string): ReturnType<typeof refusalOf> {
  const code = nameOf(cause);
  if (missing.has(code))
    return { ok: false, problem: notThere(`${path} does not exist on the platform's machine.`) };
  if (closed.has(code))
    return { ok: false, problem: unreadable(`${path} cannot be read by the platform: ${code}.`) };
  return refusalOf(cause, `File ${path}`);
}

function pathOf(uri: string): Result<string> {
  const shape = 'Write `file:/absolute/path`, with "%23" for "#", "%3F" for "?" and "%25" for "%".';
  const refusal = { ok: false, problem: problem('invalid_request', shape, { param: 'source' }) } as const;
  if (!uri.startsWith('file:/') || /[?#]/.test(uri)) return refusal;
  try {
    return { ok: true, value: fileURLToPath(uri) };
  } catch {
    return refusal;
  }
}

function describe(path: string, stats: BigIntStats): SourceFile {
  const identity = identityOf(stats);
  return {
    name: basename(path),
    sizeBytes: Number(stats.size),
    identity,
    ranged: true,
    read: (range, signal) =>
      exactBytes(readFile(path, identity, range), { range, signal, where: `File ${path}` }),
  };
}

function identityOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.mtimeNs}:${stats.size}`;
}

async function* readFile(path: string, identity: string, range: ByteRange): AsyncIterable<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    await refuseIfChanged(handle, path, identity);
    for (let at = range.from; at < range.to;) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, range.to - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) break;
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
    await refuseIfChanged(handle, path, identity);
  } finally {
    await handle.close();
  }
}

async function refuseIfChanged(handle: FileHandle, path: string, identity: string): Promise<void> {
  if (identityOf(await handle.stat({ bigint: true })) === identity) return;
  throw new ProblemError(unavailable(`File ${path} has changed since it was opened. Start the pull anew.`));
}
