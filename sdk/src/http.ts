import { errorIn, MillraceError } from './error.ts';

export interface ClientSettings {
  /** For example `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Call {
  readonly method?: string;
  /** Below the base URL; already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly bytes?: Uint8Array<ArrayBuffer> | Blob;
  /** Sent as multipart/form-data. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface Http {
  /** The answer, if it is a good one; everything else is thrown as a `MillraceError`. */
  send(call: Call): Promise<Response>;
  /** The JSON of a good answer. The caller names its shape: it is the platform's promise, not checked here. */
  json<T>(call: Call): Promise<T>;
}

function urlOf(baseUrl: string, call: Call): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {}))
    if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return `${baseUrl.replace(/\/+$/, '')}${call.path}${text === '' ? '' : `?${text}`}`;
}

function requestOf(settings: ClientSettings, call: Call): RequestInit {
  const headers: Record<string, string> = { ...call.headers };
  if (settings.apiKey !== undefined) headers['authorization'] = `Bearer ${settings.apiKey}`;
  if (call.json !== undefined) headers['content-type'] = 'application/json';
  const body = call.json === undefined ? (call.form ?? call.bytes) : JSON.stringify(call.json);
  return {
    method: call.method ?? 'GET',
    headers,
    ...(body !== undefined && { body }),
    ...(call.signal && { signal: call.signal }),
  };
}

function reasonIn(fault: unknown): string {
  const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

async function refusalIn(response: Response): Promise<MillraceError> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const body: unknown = await response.json().catch(() => undefined);
  return errorIn(body, {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfterMs: Number.isNaN(seconds) ? undefined : seconds * 1000,
  });
}

/** What a caller who gave up should see: its own reason, not our words for a broken connection. */
export function connectionFault(fault: unknown, url: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (fault instanceof MillraceError) return fault;
  const message = `No platform answers at ${url}: ${reasonIn(fault)}.`;
  return new MillraceError({ code: 'unreachable', message, status: 0 });
}

export function createHttp(settings: ClientSettings): Http {
  const fetch = settings.fetch ?? globalThis.fetch.bind(globalThis);

  async function guarded<T>(call: Call, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (fault) {
      throw connectionFault(fault, settings.baseUrl, call.signal);
    }
  }

  async function send(call: Call): Promise<Response> {
    const response = await guarded(call, () =>
      fetch(urlOf(settings.baseUrl, call), requestOf(settings, call)),
    );
    if (response.ok) return response;
    throw await refusalIn(response);
  }

  return {
    send,
    json: async <T>(call: Call): Promise<T> => {
      const response = await send(call);
      return await guarded(call, (): Promise<T> => response.json());
    },
  };
}
