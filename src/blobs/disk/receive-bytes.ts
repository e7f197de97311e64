import { open } from 'node:fs/promises';
import type { ByteRange, Upload } from '#contracts';
import type { Problem } from '#schema';
import { faultOfOverrun, noSuchUpload } from '../upload-rules.ts';
import { problemOfDisk } from './disk-fault.ts';
import type { RangeWriter } from './range-writer.ts';
import { createRangeWriter } from './range-writer.ts';
import type { UploadFolder } from './upload-folder.ts';

/** An upload as the writes that feed it see it. */
export interface Receiving {
  readonly folder: UploadFolder;
  readonly state: () => Upload;
  readonly acknowledge: (range: ByteRange) => void;
  /** True once it was aborted: nothing more is taken. */
  readonly isOver: () => boolean;
}

/** Writes what the source gives, from the offset on. What came before a fault is kept and acknowledged. */
export async function receiveBytes(
  upload: Receiving,
  offset: number,
  source: AsyncIterable<Uint8Array>,
): Promise<Problem | undefined> {
  const data = await open(upload.folder.data, 'r+');
  try {
    const journal = await open(upload.folder.journal, 'a');
    try {
      const { acknowledge, state } = upload;
      const writer = createRangeWriter(
        { data, journal, acknowledge, received: () => state().received },
        offset,
      );
      const fault = await pump(source, writer, { upload, offset }).catch(problemOfDisk);
      const unsettled = await writer.settle().then(() => undefined, problemOfDisk);
      return fault ?? unsettled;
    } finally {
      await journal.close();
    }
  } finally {
    await data.close();
  }
}

async function pump(
  source: AsyncIterable<Uint8Array>,
  writer: RangeWriter,
  { upload, offset }: { readonly upload: Receiving; readonly offset: number },
): Promise<Problem | undefined> {
  let at = offset;
  for await (const chunk of source) {
    if (upload.isOver()) return noSuchUpload(upload.state().id);
    at += chunk.length;
    if (at > upload.state().sizeBytes) return faultOfOverrun(upload.state());
    await writer.add(chunk);
  }
  return undefined;
}
