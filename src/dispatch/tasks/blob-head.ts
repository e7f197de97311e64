/** What stands before the bytes of every blob that belongs to a task. */
export interface BlobHead {
  /** Id of the task. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly writtenAtMs: number;
  /** Makes the blob like no other. */
  readonly salt: string;
}

export const blobHeadBytes = 128;

const name = 'millrace-task-blob';

/** One line of text, filled up with blanks. */
export function writeBlobHead({ owner, writtenAtMs, salt }: BlobHead): Uint8Array {
  const line = `${name} ${owner} ${writtenAtMs} ${salt}`
    .padEnd(blobHeadBytes - 1)
    .slice(0, blobHeadBytes - 1);
  return Uint8Array.from(`${line}\n`, (letter) => letter.charCodeAt(0));
}

/** Undefined: this is no blob of a task, or none that we can read. */
export function readBlobHead(bytes: Uint8Array): BlobHead | undefined {
  const line = String.fromCharCode(...bytes.subarray(0, blobHeadBytes));
  const [called, owner = '', writtenAt = '', salt = ''] = line.trimEnd().split(' ');
  if (called !== name || owner === '' || !/^\d+$/.test(writtenAt)) return undefined;
  return { owner, writtenAtMs: Number(writtenAt), salt };
}
