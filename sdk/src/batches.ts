import { failuresMax, mustEnd } from './connection.ts';
import type { Http } from './http.ts';
import { backOffMs, pause } from './pause.ts';
import type { ReadOptions } from './resources.ts';
import type { BatchRequest, BatchView, FileView } from './types.gen.ts';

export interface PageQuery extends ReadOptions {
  /** The last id of the page before. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Page<View> {
  /** Newest first. */
  readonly data: readonly View[];
  readonly has_more: boolean;
  readonly last_id?: string;
}

export interface NewFileOptions extends ReadOptions {
  readonly filename?: string | undefined;
  /** How long it is kept; as configured when absent. */
  readonly keepS?: number | undefined;
}

/** What is kept for batches, and what they write. */
export interface Files {
  create(content: Blob, options?: NewFileOptions): Promise<FileView>;
  get(id: string, options?: ReadOptions): Promise<FileView>;
  list(query?: PageQuery): Promise<Page<FileView>>;
  delete(id: string, options?: ReadOptions): Promise<void>;
  /** The bytes, as they come. */
  content(id: string, options?: ReadOptions): Promise<Response>;
}

/** Every line of a file as a request of its own. */
export interface Batches {
  create(request: BatchRequest, options?: ReadOptions): Promise<BatchView>;
  get(id: string, options?: ReadOptions): Promise<BatchView>;
  list(query?: PageQuery): Promise<Page<BatchView>>;
  cancel(id: string, options?: ReadOptions): Promise<BatchView>;
  /** How it is, each time it has changed, until its end; over lost connections. */
  follow(id: string, options?: ReadOptions): AsyncGenerator<BatchView, void, undefined>;
}

const lookEachMs = 1000;
const ends: ReadonlySet<BatchView['status']> = new Set(['completed', 'failed', 'expired', 'cancelled']);

function pathOf(collection: 'files' | 'batches', id: string): string {
  return `/v1/${collection}/${encodeURIComponent(id)}`;
}

function formOf(content: Blob, { filename, keepS }: NewFileOptions): FormData {
  const form = new FormData();
  form.set('purpose', 'batch');
  if (keepS !== undefined) {
    form.set('expires_after[anchor]', 'created_at');
    form.set('expires_after[seconds]', String(keepS));
  }
  form.set('file', content, filename ?? 'requests.jsonl');
  return form;
}

export function createFiles(http: Http): Files {
  return {
    create: (content, options = {}) =>
      http.json({
        method: 'POST',
        path: '/v1/files',
        form: formOf(content, options),
        signal: options.signal,
      }),
    get: (id, { signal } = {}) => http.json({ path: pathOf('files', id), signal }),
    list: ({ signal, ...query } = {}) => http.json({ path: '/v1/files', query, signal }),
    async delete(id, { signal } = {}) {
      await http.json({ method: 'DELETE', path: pathOf('files', id), signal });
    },
    content: (id, { signal } = {}) => http.send({ path: `${pathOf('files', id)}/content`, signal }),
  };
}

/** Asks again while the platform is away, being restarted, say. */
async function persistently<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await ask();
    } catch (fault) {
      const { retryAfterMs } = mustEnd(fault, signal, failures >= failuresMax);
      await pause(backOffMs(failures + 1, retryAfterMs), signal);
    }
  }
}

export function createBatches(http: Http): Batches {
  const get = (id: string, { signal }: ReadOptions = {}): Promise<BatchView> =>
    http.json({ path: pathOf('batches', id), signal });
  return {
    get,
    create: (json, { signal } = {}) => http.json({ method: 'POST', path: '/v1/batches', json, signal }),
    list: ({ signal, ...query } = {}) => http.json({ path: '/v1/batches', query, signal }),
    cancel: (id, { signal } = {}) =>
      http.json({ method: 'POST', path: `${pathOf('batches', id)}/cancel`, signal }),
    async *follow(id, { signal } = {}) {
      for (let told = ''; ; await pause(lookEachMs, signal)) {
        const batch = await persistently(() => get(id, { signal }), signal);
        const news = JSON.stringify(batch);
        if (news !== told) yield batch;
        told = news;
        if (ends.has(batch.status)) return;
      }
    },
  };
}
