import { crc32 } from 'node:zlib';
import type { ByteRange, Digest, Upload } from '#contracts';
import { z } from 'zod';
import { withRange } from '../byte-ranges.ts';

/**
 * The journal of an upload: a text file that only grows. Each line has a checksum before its JSON, and begins on
 * a new line, so that what a crash or a full disk left half-written spoils no line but itself.
 */
const announcedLine = z.strictObject({
  id: z.string(),
  sizeBytes: z.number(),
  digest: z.string().optional(),
});
const receivedLine = z.strictObject({ from: z.number(), to: z.number() });
const contentLine = z.strictObject({ content: z.string() });
const anyLine = z.union([receivedLine, announcedLine, contentLine]);

export interface Journal {
  readonly upload: Upload;
  /** Set once the content was verified: the data may then already be under its final name. */
  readonly content: Digest | undefined;
}

export function announcedEntry(upload: Omit<Upload, 'received'>): string {
  return entry({ id: upload.id, sizeBytes: upload.sizeBytes, digest: upload.digest });
}

export function receivedEntry(range: ByteRange): string {
  return entry({ from: range.from, to: range.to });
}

export function contentEntry(content: Digest): string {
  return entry({ content });
}

/** What a journal says; undefined when it does not even say what was announced. */
export function parseJournal(text: string): Journal | undefined {
  let announced: z.infer<typeof announcedLine> | undefined;
  let received: readonly ByteRange[] = [];
  let content: Digest | undefined;
  for (const line of text.split('\n')) {
    const said = parseEntry(line);
    if (!said) continue;
    if ('from' in said) received = withRange(received, said);
    else if ('content' in said) content = said.content;
    else announced = said;
  }
  return announced && { upload: { ...announced, received }, content };
}

function entry(said: z.infer<typeof anyLine>): string {
  const json = JSON.stringify(said);
  return `\n${checksum(json)} ${json}\n`;
}

function parseEntry(line: string): z.infer<typeof anyLine> | undefined {
  const json = line.slice(9);
  if (json === '' || line.slice(0, 9) !== `${checksum(json)} `) return undefined;
  return anyLine.safeParse(JSON.parse(json)).data;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
