import type { Dispatcher } from 'undici';
import type { Result } from '#contracts';
import { problemOfStatus, unavailable } from '../unavailable.ts';
import { headerOf } from './web-client.ts';

export interface FileFacts {
  readonly sizeBytes: number;
  readonly ranged: boolean;
  /** The ETag, or the time of the last change, or nothing but the size. */
  readonly identity: string;
  /** What `If-Range` may carry: a strong ETag (RFC 9110, section 13.1.5). */
  readonly strongTag: string | undefined;
}

/** What the answer to a request for the first byte says about the file. */
export function factsOf(answer: Dispatcher.ResponseData, where: string): Result<FileFacts> {
  const extent = extentOf(answer);
  if (!extent) {
    const refusal = problemOfStatus(answer.statusCode, where, headerOf(answer, 'retry-after'));
    return { ok: false, problem: refusal };
  }
  const { sizeBytes, ranged } = extent;
  if (sizeBytes === undefined) return { ok: false, problem: unavailable(`${where} does not tell its size.`) };
  const tag = headerOf(answer, 'etag');
  const mark = tag ?? headerOf(answer, 'last-modified') ?? '';
  const strongTag = tag?.startsWith('"') ? tag : undefined;
  return { ok: true, value: { sizeBytes, ranged, identity: `${mark}:${sizeBytes}`, strongTag } };
}

/** Undefined when there is no file. An empty one has no first byte: 416 is its answer (RFC 9110, 15.5.17). */
function extentOf(
  answer: Dispatcher.ResponseData,
): { sizeBytes: number | undefined; ranged: boolean } | undefined {
  if (answer.statusCode === 200) return { sizeBytes: lengthOf(answer), ranged: false };
  const sizeBytes = contentRange(answer)?.sizeBytes;
  if (answer.statusCode === 206 || (answer.statusCode === 416 && sizeBytes === 0))
    return { sizeBytes, ranged: true };
  return undefined;
}

/** `bytes 0-0/123`: where the part begins, and the size of the whole. */
export function contentRange(
  answer: Dispatcher.ResponseData,
): { from: number; sizeBytes: number } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(headerOf(answer, 'content-range') ?? '');
  return match ? { from: Number(match[1] ?? 0), sizeBytes: Number(match[2]) } : undefined;
}

function lengthOf(answer: Dispatcher.ResponseData): number | undefined {
  const length = headerOf(answer, 'content-length');
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
