import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Blob, Result, Upload } from '#contracts';
import type { Problem } from '#schema';
import { problem } from '#schema';
import { withRange } from '../byte-ranges.ts';
import { faultOfDigest, faultOfGaps, faultOfOffset, noSuchUpload } from '../upload-rules.ts';
import type { BlobFiles } from './blob-files.ts';
import { ifThere, problemOfDisk } from './disk-fault.ts';
import type { Journal } from './journal.ts';
import { readPieces } from './read-pieces.ts';
import type { Receiving } from './receive-bytes.ts';
import { receiveBytes } from './receive-bytes.ts';
import type { UploadFolder } from './upload-folder.ts';
import { noteContent, removeFolder } from './upload-folder.ts';

export interface OpenUpload {
  readonly state: () => Upload;
  readonly isOver: () => boolean;
  receive(offset: number, source: AsyncIterable<Uint8Array>): Promise<Result<Upload>>;
  /** Verifies the content and gives it its final name. Afterwards, or after a mismatch, the upload is over. */
  commit(files: BlobFiles): Promise<Result<Blob>>;
  /** Ends the writes that run, at their next chunk, and removes what came. Again: waits until it is removed. */
  abort(): Promise<void>;
}

/** One upload, as long as this process knows it. */
export function createOpenUpload(folder: UploadFolder, journal: Journal): OpenUpload {
  let { upload } = journal;
  let phase: 'receiving' | 'committing' | 'over' = 'receiving';
  let writes = 0;
  let removal: Promise<void> | undefined;

  const receiving: Receiving = {
    folder,
    state: () => upload,
    isOver: () => phase === 'over',
    acknowledge(range) {
      upload = { ...upload, received: withRange(upload.received, range) };
    },
  };

  function refusalOfWrite(offset: number): Problem | undefined {
    if (phase === 'over') return noSuchUpload(upload.id);
    if (phase === 'committing') return problem('upload_conflict', 'The upload is being committed.');
    return faultOfOffset(upload, offset);
  }

  function refusalOfCommit(): Problem | undefined {
    if (phase === 'over') return noSuchUpload(upload.id);
    const busy = writes > 0 || phase === 'committing';
    return busy ? problem('upload_conflict', 'The upload is still being written.') : faultOfGaps(upload);
  }

  return {
    state: () => upload,
    isOver: () => phase === 'over',
    async receive(offset, source) {
      const refusal = refusalOfWrite(offset);
      if (refusal) return { ok: false, problem: refusal };
      writes += 1;
      const fault = await receiveBytes(receiving, offset, source).catch(problemOfDisk);
      writes -= 1;
      return fault ? { ok: false, problem: fault } : { ok: true, value: upload };
    },
    async commit(files) {
      const refusal = refusalOfCommit();
      if (refusal) return { ok: false, problem: refusal };
      phase = 'committing';
      const done = await finish({ folder, journal, files }).catch(refused);
      const stays = !done.ok && done.problem.code !== 'digest_mismatch' && !receiving.isOver();
      phase = stays ? 'receiving' : 'over';
      return done;
    },
    async abort() {
      phase = 'over';
      removal ??= removeFolder(folder);
      await removal;
    },
  };
}

interface Finish {
  readonly folder: UploadFolder;
  readonly journal: Journal;
  readonly files: BlobFiles;
}

async function finish({ folder, journal, files }: Finish): Promise<Result<Blob>> {
  const digest = await contentOf(folder, journal);
  const mismatch = faultOfDigest(journal.upload, digest);
  const blob = { digest, sizeBytes: journal.upload.sizeBytes };
  if (!mismatch) await files.adopt(folder.data, blob);
  await removeFolder(folder);
  return mismatch ? { ok: false, problem: mismatch } : { ok: true, value: blob };
}

/** A crash may have come after the data got its final name and before that was answered. */
async function contentOf(folder: UploadFolder, journal: Journal): Promise<string> {
  if (journal.content !== undefined && !(await ifThere(stat(folder.data)))) return journal.content;
  const hash = createHash('sha256');
  for await (const piece of readPieces(folder.data, { from: 0, to: journal.upload.sizeBytes }))
    hash.update(piece);
  const digest = `sha256:${hash.digest('hex')}`;
  await noteContent(folder, digest);
  return digest;
}

function refused(fault: unknown): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problemOfDisk(fault) };
}
