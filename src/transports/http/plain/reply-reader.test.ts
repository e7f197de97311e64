import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplyHead } from '#contracts';
import { ReplyReader } from './reply-reader.ts';

interface Read {
  readonly heads: ReplyHead[];
  text: string;
  /** It was told that no more would come. */
  hadLast: boolean;
  readonly reader: ReplyReader;
}

function startReading(): Read {
  const heads: ReplyHead[] = [];
  const read: Read = {
    heads,
    text: '',
    hadLast: false,
    reader: new ReplyReader({
      started: (head) => heads.push(head),
      received: (bytes, isLast = false) => {
        expect(read.hadLast).toBe(false);
        read.hadLast = isLast;
        read.text += Buffer.from(bytes).toString('latin1');
        return true;
      },
      ended: () => undefined,
      failed: () => undefined,
    }),
  };
  return read;
}

function readAll(wire: string, cuts: readonly number[] = []): Read {
  const read = startReading();
  const bytes = Buffer.from(wire, 'latin1');
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const piece = bytes.subarray(from, edges[index + 1]);
    if (piece.length > 0 && read.reader.phase !== 'broken' && read.reader.phase !== 'done')
      read.reader.take(piece, piece.length);
  }
  return read;
}

const payload = fc.array(
  fc.string({
    minLength: 1,
    maxLength: 40,
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  }),
  { maxLength: 12 },
);
const cuts = fc.array(fc.nat(2000), { maxLength: 10 });

function chunked(pieces: readonly string[], extras: { extension: string; trailer: string }): string {
  const chunks = pieces.map(
    (piece) => `${piece.length.toString(16).toUpperCase()}${extras.extension}\r\n${piece}\r\n`,
  );
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n${extras.trailer}\r\n`;
}

describe('reading a reply off a connection', () => {
  it('takes no head with a control character in what travels on: it would end a line of our own answer', () => {
    for (const name of ['content-type', 'retry-after', 'inference-header-content-length'])
      for (const letter of ['\n', '\r', '\0', '\u0001', '\u007f']) {
        const wire = `HTTP/1.1 200 OK\r\n${name}: 1${letter}x-injected: 1\r\ncontent-length: 0\r\n\r\n`;
        const { heads, reader } = readAll(wire);
        expect({ heads, phase: reader.phase }).toEqual({ heads: [], phase: 'broken' });
      }
  });

  it('gives back what was sent in chunks, however chunks and packets were cut', () => {
    fc.assert(
      fc.property(
        payload,
        cuts,
        fc.record({
          extension: fc.constantFrom('', ';a=b', ' ;x'),
          trailer: fc.constantFrom('', 'x-t: 1\r\n'),
        }),
        (pieces, at, extras) => {
          const read = readAll(chunked(pieces, extras), at);
          expect(read.reader.phase).toBe('done');
          expect(read.text).toBe(pieces.join(''));
        },
      ),
    );
  });

  it('tells the last bytes where they came together with the end', () => {
    const wire = chunked(['one', 'two'], { extension: '', trailer: '' });
    expect(readAll(wire).hadLast).toBe(true);
    expect(readAll(wire, [wire.length - '0\r\n\r\n'.length]).hadLast).toBe(false);
  });

  it('gives back what was sent with a length', () => {
    fc.assert(
      fc.property(payload, cuts, (pieces, at) => {
        const body = pieces.join('');
        const read = readAll(
          `HTTP/1.1 201 Created\r\nContent-Length: ${body.length}\r\nRetry-After: 3\r\n\r\n${body}`,
          at,
        );
        expect(read.reader.phase).toBe('done');
        expect(read.heads).toMatchObject([{ status: 201, contentLengthBytes: body.length, retryAfter: '3' }]);
        expect(read.text).toBe(body);
        expect(read.hadLast).toBe(body !== '');
      }),
    );
  });

  it('takes the end of the connection for the end of a reply only where nothing else was said', () => {
    const open = readAll('HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nall there is');
    expect(open.reader.finish()).toBe(true);
    expect(open.text).toBe('all there is');
    expect(readAll('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort').reader.finish()).toBe(false);
    expect(readAll('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n').reader.finish()).toBe(
      false,
    );
    expect(readAll('HTTP/1.1 200').reader.finish()).toBe(false);
  });

  it('passes interim heads over and knows replies without a body', () => {
    const read = readAll(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
    );
    expect(read.heads.map(({ status }) => status)).toEqual([204]);
    expect(read.reader.phase).toBe('done');
  });

  it.each([
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n'],
    ['an unknown coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
    ['more than was announced', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcd'],
    [
      'something behind the last chunk',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1',
    ],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\nabc\r\n'],
    [
      'a chunk longer than it said',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n',
    ],
    ['a line feed alone', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\nab\r\n0\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(10_000)}`],
  ])('calls %s broken', (_, wire) => {
    expect(readAll(wire).reader.phase).toBe('broken');
  });

  it('never throws and never invents bytes, whatever comes', () => {
    fc.assert(
      fc.property(
        payload,
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        cuts,
        (pieces, edits, at) => {
          const bytes = Buffer.from(chunked(pieces, { extension: '', trailer: '' }), 'latin1');
          for (const [index, byte] of edits) bytes[index % bytes.length] = byte;
          const read = readAll(bytes.toString('latin1'), at);
          expect(read.text.length).toBeLessThanOrEqual(bytes.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});
