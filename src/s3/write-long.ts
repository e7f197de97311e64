import type { Connection } from './connection.ts';

interface Target {
  readonly name: string;
  readonly key: string;
  readonly sizeBytes: number;
}

const partBytesMin = 16 * 1024 * 1024;
const partsMax = 9000;

/** Parts of one size, all but the last; so many that the server takes them all. */
function partBytesFor(sizeBytes: number): number {
  return Math.max(partBytesMin, Math.ceil(sizeBytes / partsMax));
}

async function* inParts(source: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  for await (const piece of source) {
    let from = 0;
    while (from < piece.length) {
      const count = Math.min(piece.length - from, partBytes - filled);
      part.set(piece.subarray(from, from + count), filled);
      from += count;
      filled += count;
      if (filled < partBytes) continue;
      yield part;
      part = Buffer.allocUnsafe(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

async function sendParts(
  { library, client }: Connection,
  { name, key, sizeBytes, uploadId }: Target & { readonly uploadId: string },
  source: AsyncIterable<Uint8Array>,
) {
  const target = { Bucket: name, Key: key, UploadId: uploadId };
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];
  for await (const bytes of inParts(source, partBytesFor(sizeBytes))) {
    const number = parts.length + 1;
    const part = new library.UploadPartCommand({ ...target, PartNumber: number, Body: bytes });
    parts.push({ ETag: (await client.send(part)).ETag, PartNumber: number });
  }
  await client.send(
    new library.CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts: parts } }),
  );
}

/** Writes an object as its bytes come: at once where it is short, else by a multipart upload. */
export async function writeLong(
  connection: Connection,
  target: Target,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { library, client } = connection;
  const { name, key, sizeBytes } = target;
  const place = { Bucket: name, Key: key };
  if (sizeBytes <= partBytesMin) {
    const pieces: Uint8Array[] = [];
    for await (const piece of source) pieces.push(Uint8Array.from(piece));
    await client.send(new library.PutObjectCommand({ ...place, Body: Buffer.concat(pieces) }));
    return;
  }
  const { UploadId: uploadId = '' } = await client.send(new library.CreateMultipartUploadCommand(place));
  try {
    await sendParts(connection, { ...target, uploadId }, source);
  } catch (fault) {
    const abort = new library.AbortMultipartUploadCommand({ ...place, UploadId: uploadId });
    await client.send(abort).catch(() => undefined);
    throw fault;
  }
}
