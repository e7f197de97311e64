import type { ByteRange, Upload } from '#contracts';
import type { Problem } from '#schema';
import { digest, problem } from '#schema';
import { coveredBytes } from './byte-ranges.ts';

type Announced = Omit<Upload, 'received'>;

/** Names that are safe as a folder, on every system; no dot in front, so never `.` or `..`. */
const uploadId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export function isUploadId(id: string): boolean {
  return uploadId.test(id);
}

export function isDigest(text: string): boolean {
  return digest.safeParse(text).success;
}

/** Why an upload cannot be opened like this. */
export function faultOfAnnouncement(upload: Announced): Problem | undefined {
  const { id, sizeBytes } = upload;
  if (!isUploadId(id)) {
    const shape = 'letters, digits, ".", "_" and "-", at most 128, beginning with a letter or digit';
    return problem('invalid_request', `An upload id has ${shape}.`, { param: 'id' });
  }
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    return problem('invalid_request', 'The size must be a whole number of bytes.', { param: 'sizeBytes' });
  }
  if (upload.digest !== undefined && !isDigest(upload.digest)) {
    const shape = '"sha256:" and 64 lower-case hexadecimal digits';
    return problem('invalid_request', `The digest must be ${shape}.`, { param: 'digest' });
  }
  return undefined;
}

/** An upload that is open goes on only as what it was announced to be. */
export function faultOfReopening(open: Announced, wanted: Announced): Problem | undefined {
  if (open.sizeBytes === wanted.sizeBytes && open.digest === wanted.digest) return undefined;
  const is = `${open.sizeBytes} bytes with ${open.digest ?? 'no digest'}`;
  return problem(
    'upload_conflict',
    `Upload ${open.id} is open for ${is}. Abort it first, or take another id.`,
  );
}

export function faultOfOffset(upload: Announced, offset: number): Problem | undefined {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= upload.sizeBytes) return undefined;
  return problem(
    'upload_conflict',
    `Offset ${offset} is outside of the announced ${upload.sizeBytes} bytes.`,
  );
}

export function faultOfOverrun(upload: Announced): Problem {
  return problem(
    'upload_conflict',
    `More came than the announced ${upload.sizeBytes} bytes; the rest was dropped.`,
  );
}

export function faultOfGaps(upload: Upload): Problem | undefined {
  const received = coveredBytes(upload.received);
  if (received === upload.sizeBytes) return undefined;
  const message = `${received} of ${upload.sizeBytes} bytes have come. Send the rest first.`;
  return problem('upload_conflict', message);
}

export function faultOfDigest(upload: Announced, found: string): Problem | undefined {
  if (upload.digest === undefined || upload.digest === found) return undefined;
  const message = `What arrived is ${found}, not ${upload.digest} as announced. It was discarded: send it again.`;
  return problem('digest_mismatch', message);
}

export function noSuchUpload(id: string): Problem {
  return problem('not_found', `There is no open upload "${id}".`);
}

export function noSuchBlob(wanted: string): Problem {
  return problem('not_found', `There is no blob ${wanted}.`);
}

/** The part of a blob that a range names; ends beyond it are cut off. */
export function clippedRange(range: ByteRange | undefined, sizeBytes: number): ByteRange {
  const { from, to } = range ?? { from: 0, to: sizeBytes };
  return { from: Math.max(0, from), to: Math.min(to, sizeBytes) };
}
