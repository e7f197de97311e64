import { openaiEndpoints, type EndpointPath } from '#schema';

/** A request's head that needs nothing but what we do ourselves: its endpoint, its length and the headers we read. */
export interface PlainHead {
  readonly endpoint: EndpointPath;
  readonly contentLengthBytes: number;
  /** By name in lower case; only those of `wanted`. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The grammar of RFC 9112 without anything optional: a POST, HTTP/1.1, names of token characters, a colon right
 * behind them, values without control characters, lines that end in CRLF. What does not match is not wrong; it is
 * left to Node's parser, which knows the rest and says no where no is the answer.
 */
const grammar = /^POST (\S+) HTTP\/1\.1\r\n(?:[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+$/;

const paths: ReadonlyMap<string, EndpointPath> = new Map(openaiEndpoints.map((path) => [path, path]));

const read = [
  'host',
  'content-length',
  'connection',
  'authorization',
  'x-api-key',
  'x-request-id',
  'x-deadline-ms',
  'x-priority',
  'x-session-id',
  'traceparent',
] as const;
/** They change how the rest of the connection is to be read. */
const unusual = ['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'prefer'] as const;

const wanted: ReadonlySet<string> = new Set([...read, ...unusual]);
const isWantedLength: readonly boolean[] = Array.from({ length: 64 }, (_, length) =>
  [...wanted].some((name) => name.length === length),
);
const isUnusual: ReadonlySet<string> = new Set(unusual);

const space = 0x20;
const tab = 0x09;

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function trimmed(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The headers that matter; undefined where one comes twice or asks for something unusual. */
function readFields(text: string, from: number): Record<string, string> | undefined {
  const fields: Record<string, string> = {};
  for (let at = from, end = 0; at < text.length; at = end + 2) {
    const colonAt = text.indexOf(':', at);
    end = text.indexOf('\r\n', colonAt);
    if (isWantedLength[colonAt - at] !== true) continue;
    const name = text.slice(at, colonAt).toLowerCase();
    if (!wanted.has(name)) continue;
    if (isUnusual.has(name) || fields[name] !== undefined) return undefined;
    fields[name] = trimmed(text, colonAt + 1, end);
  }
  return fields;
}

const wholeNumber = /^\d{1,10}$/;

function keepsAlive(connection: string | undefined): boolean {
  return connection === undefined || connection.toLowerCase() === 'keep-alive';
}

/** Reads a head, its last CRLF included but not the empty line; undefined for every request that is not plain. */
export function readPlainHead(text: string): PlainHead | undefined {
  const line = grammar.exec(text);
  const endpoint = line === null ? undefined : paths.get(line[1] ?? '');
  if (endpoint === undefined) return undefined;
  const fields = readFields(text, text.indexOf('\r\n') + 2);
  if (fields === undefined) return undefined;
  const { host, connection, 'content-length': length = '' } = fields;
  if (host === undefined || !keepsAlive(connection) || !wholeNumber.test(length)) return undefined;
  return { endpoint, contentLengthBytes: Number(length), fields };
}
