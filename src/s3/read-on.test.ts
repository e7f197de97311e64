import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readOn, type Span } from './read-on.ts';

const content = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');

/** A server whose connections break after so many bytes each. */
function flaky(breaksAfter: readonly number[]) {
  const asked: { rest: Span; etag: string | undefined }[] = [];
  const open = async (rest: Span, etag: string | undefined) => {
    const bytes = breaksAfter[asked.length] ?? Infinity;
    asked.push({ rest, etag });
    async function* body() {
      const end = Math.min(rest.to, rest.from + bytes);
      for (let at = rest.from; at < end; at += 4) yield content.subarray(at, Math.min(at + 4, end));
      if (end < rest.to) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      await Promise.resolve();
    }
    return Promise.resolve({ body: Readable.from(body()), etag: '"tag"' });
  };
  return { asked, open };
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('an object that is read', () => {
  it('goes on where the connection broke, as long as it is the same object', async () => {
    const server = flaky([7, 0, 0, 5]);
    expect(await textOf(readOn(server.open, { from: 2, to: 30 }))).toBe(content.toString().slice(2, 30));
    expect(server.asked.map(({ rest }) => rest.from)).toEqual([2, 9, 9, 9, 14]);
    expect(server.asked.map(({ etag }) => etag)).toEqual([undefined, '"tag"', '"tag"', '"tag"', '"tag"']);
  });

  it('is given up when nothing comes three times in a row', async () => {
    const server = flaky([7, 0, 0, 0, 0]);
    await expect(textOf(readOn(server.open, { from: 0, to: 30 }))).rejects.toThrow('hang up');
    expect(server.asked).toHaveLength(4);
  });

  it('is not asked for again when it has changed, or the reader has had enough', async () => {
    let asked = 0;
    const changed = async () => {
      asked += 1;
      return Promise.reject(Object.assign(new Error('x'), { name: 'PreconditionFailed' }));
    };
    await expect(textOf(readOn(changed, { from: 0, to: 30 }))).rejects.toThrow('x');
    expect(asked).toBe(1);
    const server = flaky([]);
    for await (const piece of readOn(server.open, { from: 0, to: 30 })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(server.asked).toHaveLength(1);
  });
});
