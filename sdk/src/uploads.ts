import { MillraceError } from './error.ts';
import type { Http } from './http.ts';
import { backOffMs, pause } from './pause.ts';

/** Anything that can be read by ranges: a file in Node, `File.slice` in a browser. */
export interface FileLike {
  readonly name: string;
  readonly sizeBytes: number;
  /** The bytes from `from` up to and without `to`. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer> | Blob>;
}

export interface UploadProgress {
  /** What the platform has safely. */
  readonly sentBytes: number;
  readonly sizeBytes: number;
}

export interface PushOptions {
  /** `sha256:…`: checked at the end, and what lets an interrupted push go on and a known file be skipped. */
  readonly digest?: string | undefined;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes in one request; 4 MiB when absent. */
  readonly partBytes?: number | undefined;
  /** Failures in a row before it gives up; 8 when absent. */
  readonly retriesMax?: number | undefined;
}

/** A file that the platform has and has recognised as a model. */
export interface PushedFile {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly format: string;
  /** What the file says about itself. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

interface OpenUpload {
  readonly id: string;
  readonly received: ReadonlyArray<{ readonly from: number; readonly to: number }>;
}

type Opened = OpenUpload | { readonly committed: PushedFile };

/** Small enough to arrive within the server's time limit over a slow line. */
const partBytesDefault = 4 * 1024 * 1024;

/** The next stretch that is missing, no longer than a part. */
function nextGap(
  { received }: OpenUpload,
  sizeBytes: number,
  partBytes: number,
): { readonly from: number; readonly to: number } | undefined {
  let from = 0;
  for (const range of received) {
    if (range.from > from) return { from, to: Math.min(range.from, from + partBytes) };
    from = range.to;
  }
  return from < sizeBytes ? { from, to: Math.min(sizeBytes, from + partBytes) } : undefined;
}

function receivedBytes({ received }: OpenUpload): number {
  return received.reduce((sum, range) => sum + range.to - range.from, 0);
}

function worthRetrying(fault: unknown): fault is MillraceError {
  return fault instanceof MillraceError && fault.retry !== 'never';
}

/** One push: everything that its steps share. */
interface Push {
  readonly http: Http;
  readonly file: FileLike;
  readonly options: PushOptions;
}

function open({ http, file, options }: Push): Promise<Opened> {
  const { name, sizeBytes } = file;
  const json = { name, sizeBytes, ...(options.digest !== undefined && { digest: options.digest }) };
  return http.json({ method: 'POST', path: '/api/v1/uploads', json, signal: options.signal });
}

/** Tries again while that can help, each time after a longer pause. */
async function persistent<T>(options: PushOptions, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (fault) {
      if (!worthRetrying(fault) || tries > (options.retriesMax ?? 8)) throw fault;
      await pause(backOffMs(tries, fault.retryAfterMs), options.signal);
    }
  }
}

function lengthOf(part: Uint8Array | Blob): number {
  return part instanceof Uint8Array ? part.length : part.size;
}

/** The file ends before a byte that it had when the push began. */
function becameShorter(file: FileLike, at: number): MillraceError {
  const message = `${file.name} became shorter while it was read: of ${file.sizeBytes} bytes, those from ${at} on are gone.`;
  return new MillraceError({ code: 'invalid_request', message, status: 0 });
}

async function sendPart(
  { http, file, options }: Push,
  upload: OpenUpload,
  gap: { readonly from: number; readonly to: number },
): Promise<OpenUpload> {
  const bytes = await file.read(gap.from, gap.to);
  if (lengthOf(bytes) === 0) throw becameShorter(file, gap.from);
  return await http.json({
    method: 'PATCH',
    path: `/api/v1/uploads/${upload.id}`,
    headers: { 'upload-offset': String(gap.from), 'content-type': 'application/octet-stream' },
    bytes,
    signal: options.signal,
  });
}

/** Sends what is missing. After a failure the platform is asked what it really has. */
async function sendAll(push: Push, opened: OpenUpload): Promise<void> {
  const { http, file, options } = push;
  const { sizeBytes } = file;
  const partBytes = options.partBytes ?? partBytesDefault;
  let upload = opened;
  for (;;) {
    options.onProgress?.({ sentBytes: receivedBytes(upload), sizeBytes });
    const gap = nextGap(upload, sizeBytes, partBytes);
    if (gap === undefined) return;
    const current = upload;
    let asked = false;
    upload = await persistent(options, async () => {
      if (!asked) {
        asked = true;
        return await sendPart(push, current, gap);
      }
      asked = false;
      return await http.json<OpenUpload>({ path: `/api/v1/uploads/${current.id}`, signal: options.signal });
    });
  }
}

async function commit({ http, file, options }: Push, upload: OpenUpload): Promise<PushedFile> {
  return await http.json({
    method: 'POST',
    path: `/api/v1/uploads/${upload.id}/commit`,
    json: { name: file.name },
    signal: options.signal,
  });
}

/** The answer to a commit may have been lost on its way: a file that is complete by now opens as committed. */
async function commitOnce(push: Push, upload: OpenUpload): Promise<PushedFile> {
  let tried = false;
  return await persistent(push.options, async () => {
    if (tried && push.options.digest !== undefined) {
      const opened = await open(push);
      if ('committed' in opened) return opened.committed;
    }
    tried = true;
    return await commit(push, upload);
  });
}

/** Brings a file to the platform: in parts, going on where an earlier push ended. */
export async function pushFile(http: Http, file: FileLike, options: PushOptions = {}): Promise<PushedFile> {
  const push: Push = { http, file, options };
  const opened = await persistent(options, () => open(push));
  if ('committed' in opened) {
    options.onProgress?.({ sentBytes: file.sizeBytes, sizeBytes: file.sizeBytes });
    return opened.committed;
  }
  await sendAll(push, opened);
  return await commitOnce(push, opened);
}
