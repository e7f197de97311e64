import { open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The end of a file, and where in the file it begins. */
interface Tail {
  readonly bytes: Buffer;
  readonly fromByte: number;
}

async function readTail(path: string, bytesMax: number): Promise<Tail> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return { bytes: Buffer.alloc(0), fromByte: 0 };
  try {
    const { size } = await file.stat();
    const fromByte = Math.max(0, size - bytesMax);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - fromByte),
      0,
      size - fromByte,
      fromByte,
    );
    return { bytes: buffer.subarray(0, bytesRead), fromByte };
  } finally {
    await file.close();
  }
}

const firstReadBytes = 16 * 1024;
const readBytesMax = 4 * 1024 * 1024;
const lineLengthMax = 4096;

/** The last lines of a log and of the part that was cut off before it, oldest first; reads no more than it needs. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const lines = await linesAtEnd(path, count);
  if (lines.length >= count) return lines;
  return [...(await linesAtEnd(olderPart(path), count - lines.length)), ...lines];
}

async function linesAtEnd(path: string, count: number): Promise<readonly string[]> {
  if (count <= 0) return [];
  for (let sizeBytes = firstReadBytes; ; sizeBytes *= 4) {
    const { bytes, fromByte } = await readTail(path, sizeBytes);
    const lines = bytes.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    // Unless it is the file's beginning, the first line is a piece of one.
    if (fromByte > 0) lines.shift();
    if (lines.length >= count || fromByte === 0 || sizeBytes >= readBytesMax) {
      return lines.slice(-count).map((line) => line.slice(0, lineLengthMax));
    }
  }
}

function olderPart(path: string): string {
  return `${path}.1`;
}

/**
 * Cuts a log that has grown beyond `bytesMax`: its last half goes to `.1`, the writer goes on at the beginning of
 * the same file (it appends, so it finds the new end by itself). What is written in between is lost.
 */
export async function boundLog(path: string, bytesMax: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size <= bytesMax) return;
  const { bytes } = await readTail(path, Math.floor(bytesMax / 2));
  await writeFile(olderPart(path), bytes, { mode: 0o600 });
  await truncate(path, 0);
}

/** For a new process under an old name: what the old one wrote must not be taken for its words. */
export async function removeLog(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(olderPart(path), { force: true });
}

/** Removes the logs of replicas long gone, so that one that starts and dies for ever does not fill the disk. */
export async function pruneLogs(logDir: string, filesMax: number, keep: ReadonlySet<string>): Promise<void> {
  const names = await readdir(logDir).catch(() => []);
  const paths = names.filter((name) => /\.replica\.log(\.1)?$/.test(name)).map((name) => join(logDir, name));
  if (paths.length <= filesMax) return;
  const dated = await Promise.all(
    paths.map(async (path) => ({ path, changedMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  const old = dated.toSorted((a, b) => b.changedMs - a.changedMs).slice(filesMax);
  const gone = old.filter(({ path }) => !keep.has(path.replace(/\.1$/, '')));
  await Promise.all(gone.map(({ path }) => rm(path, { force: true })));
}
