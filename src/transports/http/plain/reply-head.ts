import type { ReplyHead } from '#contracts';

/** How the body that follows a head is delimited (RFC 9112, 6.3). */
type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** By the end of the connection. */
  | { readonly kind: 'open' };

export interface ReadReply {
  readonly head: ReplyHead;
  readonly framing: Framing;
  /** The connection may serve another call, once the body is read. */
  readonly reusable: boolean;
  /** How long the replica keeps an unused connection, where it says. */
  readonly keepAliveMs: number | undefined;
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?\r\n/;

const wanted: ReadonlySet<string> = new Set([
  'inference-header-content-length',
  'content-length',
  'transfer-encoding',
  'content-type',
  'connection',
  'keep-alive',
  'retry-after',
  'x-millrace-run-ms',
]);
const isWantedLength: readonly boolean[] = Array.from({ length: 32 }, (_, length) =>
  [...wanted].some((name) => name.length === length),
);

type Fields = Readonly<Record<string, string | undefined>>;

/** The headers that matter; undefined where a line is no header. Equal names are joined, as HTTP allows. */
function readFields(text: string, from: number): Fields | undefined {
  const fields: Record<string, string | undefined> = {};
  for (let at = from, end = 0; at < text.length; at = end + 2) {
    end = text.indexOf('\r\n', at);
    const colonAt = text.indexOf(':', at);
    if (colonAt <= at || colonAt > end) return undefined;
    if (isWantedLength[colonAt - at] !== true) continue;
    const name = text.slice(at, colonAt).toLowerCase();
    if (!wanted.has(name)) continue;
    const value = text.slice(colonAt + 1, end).trim();
    const before = fields[name];
    fields[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return fields;
}

/** What travels on to the client: anything else in it could end its line, and begin a header of the replica's making. */
const passable = /^[\t\x20-\x7e\x80-\xff]*$/;

function isPassable(value: string | undefined): boolean {
  return value === undefined || passable.test(value);
}

function mayTravel(fields: Fields): boolean {
  return (
    isPassable(fields['content-type']) &&
    isPassable(fields['retry-after']) &&
    isPassable(fields['inference-header-content-length'])
  );
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

/** Undefined where it cannot be told how long the body is: guessing is how one reply gets into another. */
function framingOf(status: number, fields: Fields): Framing | undefined {
  const { 'transfer-encoding': coding, 'content-length': length } = fields;
  if (hasNoBody(status)) return { kind: 'length', bytes: 0 };
  if (coding !== undefined)
    return coding.toLowerCase() === 'chunked' && length === undefined ? { kind: 'chunked' } : undefined;
  if (length === undefined) return { kind: 'open' };
  return /^\d{1,15}$/.test(length) ? { kind: 'length', bytes: Number(length) } : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function keepAliveOf(fields: Fields): number | undefined {
  const seconds = /timeout=(\d{1,6})/.exec(fields['keep-alive'] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Version 1.1 keeps a connection unless it says otherwise, version 1.0 only where it says so. */
function isKept(version: string | undefined, fields: Fields): boolean {
  const connection = fields['connection']?.toLowerCase() ?? '';
  return version === '1' ? !connection.includes('close') : connection.includes('keep-alive');
}

/** Reads a reply's head, its last CRLF included but not the empty line; undefined when it is none. */
export function readReplyHead(text: string): ReadReply | undefined {
  const line = statusLine.exec(text);
  const fields = line === null ? undefined : readFields(text, line[0].length);
  if (line === null || fields === undefined || !mayTravel(fields)) return undefined;
  const status = Number(line[2]);
  const framing = framingOf(status, fields);
  if (framing === undefined) return undefined;
  return {
    head: {
      status,
      contentType: fields['content-type'],
      contentLengthBytes: framing.kind === 'length' ? framing.bytes : undefined,
      retryAfter: fields['retry-after'],
      jsonBytes: fields['inference-header-content-length'],
      runMs: numberOf(fields['x-millrace-run-ms']),
    },
    framing,
    reusable: framing.kind !== 'open' && isKept(line[1], fields),
    keepAliveMs: keepAliveOf(fields),
  };
}
