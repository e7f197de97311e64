import { problem, type Problem } from '#schema';
import type { Blob, ByteRange, Result, SourceFile, Upload } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { fingerprint } from '../fingerprint.ts';
import { canonicalJson } from '../records.ts';
import { attempts, type AttemptsInput } from './attempts.ts';
import { flow } from './flow.ts';
import { bytesIn, missingIn, pieceBytesFor, piecesOf } from './pieces.ts';

export type PullDeps = Pick<ControlDeps, 'blobs' | 'clock' | 'rng'>;

export interface FilePull {
  /** Name of the ModelVersion it is for. */
  readonly name: string;
  readonly file: SourceFile;
  /** Checked at the end; absent where nobody knows it beforehand. */
  readonly digest: string | undefined;
  readonly signal: AbortSignal;
  /** How many bytes are here, of how many. */
  readonly onProgress: (receivedBytes: number) => void;
}

/** Reads at the same time from a source that can start anywhere. */
const readersMax = 4;

/** The same version and content give the same upload: a restarted control plane goes on where the last one was. */
export function uploadId({ name, file, digest }: Pick<FilePull, 'name' | 'file' | 'digest'>): string {
  const { identity, sizeBytes } = file;
  return `pull-${fingerprint(canonicalJson({ name, identity, sizeBytes, digest }))}`;
}

async function begin({ blobs }: PullDeps, pull: FilePull): Promise<Result<Upload>> {
  const upload = { id: uploadId(pull), sizeBytes: pull.file.sizeBytes, digest: pull.digest };
  const begun = await blobs.begin(upload);
  if (begun.ok || begun.problem.code !== 'upload_conflict') return begun;
  await blobs.abort(upload.id);
  return blobs.begin(upload);
}

interface Pulling {
  readonly deps: PullDeps;
  readonly pull: FilePull;
  readonly id: string;
  /** Fires when the pull is cancelled or one of its readers has failed for good. */
  readonly signal: AbortSignal;
  receivedBytes: number;
}

/** Writes one range, and counts in the end only what was kept of what had come. */
async function writeRange(pulling: Pulling, range: ByteRange): Promise<Result<Upload>> {
  const { deps, pull, id, signal } = pulling;
  let cameBytes = 0;
  const onBytes = (count: number): void => {
    cameBytes += count;
    pulling.receivedBytes += count;
    pull.onProgress(pulling.receivedBytes);
  };
  const bytes = flow({ file: pull.file, range, clock: deps.clock, signal, onBytes });
  try {
    return await deps.blobs.write(id, range.from, bytes);
  } finally {
    const upload = await deps.blobs.upload(id);
    const keptBytes = range.to - range.from - bytesIn(missingIn(range, upload?.received ?? []));
    pulling.receivedBytes += keptBytes - cameBytes;
  }
}

/** Writes what is missing of a piece. After a failure the blob store says what had come. */
async function writePiece(pulling: Pulling, piece: ByteRange): Promise<Result<true>> {
  const upload = await pulling.deps.blobs.upload(pulling.id);
  if (upload === undefined)
    return { ok: false, problem: problem('internal', 'The upload of the pull has disappeared.') };
  for (const range of missingIn(piece, upload.received)) {
    const written = await writeRange(pulling, range);
    if (!written.ok) return written;
    if (missingIn(range, written.value.received).length > 0)
      return { ok: false, problem: problem('source_unavailable', 'The source ended before the file did.') };
  }
  return { ok: true, value: true };
}

/** Takes pieces until there are none left, one after the other. */
async function readPieces(pulling: Pulling, pieces: Iterator<ByteRange, void>): Promise<Result<true>> {
  const { deps, signal } = pulling;
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return { ok: true, value: true };
    const input: AttemptsInput = { ...deps, signal, progress: () => pulling.receivedBytes };
    const written = await attempts(input, async () => writePiece(pulling, piece.value));
    if (!written.ok) return written;
  }
}

async function readAll(pulling: Pulling, upload: Upload, abort: () => void): Promise<Problem | undefined> {
  const { file } = pulling.pull;
  const missing = missingIn({ from: 0, to: file.sizeBytes }, upload.received);
  const pieces = file.ranged ? piecesOf(missing, pieceBytesFor(file.sizeBytes)) : missing.values();
  let first: Problem | undefined;
  const read = async (): Promise<void> => {
    const done = await readPieces(pulling, pieces);
    if (done.ok) return;
    first ??= done.problem;
    abort();
  };
  await Promise.all(Array.from({ length: file.ranged ? readersMax : 1 }, read));
  return first;
}

/** Gets what is not here yet, checks it and makes it a blob. */
export async function pullFile(deps: PullDeps, pull: FilePull): Promise<Result<Blob>> {
  const present = pull.digest === undefined ? undefined : await deps.blobs.stat(pull.digest);
  if (present !== undefined) return { ok: true, value: present };
  const upload = await begin(deps, pull);
  if (!upload.ok) return upload;
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  pull.signal.addEventListener('abort', abort, { once: true });
  if (pull.signal.aborted) abort();
  const { id, received } = upload.value;
  const pulling = { deps, pull, id, signal: controller.signal, receivedBytes: bytesIn(received) };
  pull.onProgress(pulling.receivedBytes);
  try {
    const failed = await readAll(pulling, upload.value, abort);
    if (failed !== undefined) return { ok: false, problem: failed };
    const committed = await deps.blobs.commit(id);
    // What does not add up is of no use to a later attempt.
    if (!committed.ok && committed.problem.code === 'digest_mismatch') await deps.blobs.abort(id);
    return committed;
  } finally {
    pull.signal.removeEventListener('abort', abort);
  }
}
