import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Blobs, ByteRange, Upload } from '#contracts';
import { ProblemError, problem } from '#schema';

interface BlobsUnderTest {
  readonly name: string;
  /** An empty one. */
  readonly create: () => Promise<Blobs> | Blobs;
}

const megabyte = 1024 * 1024;

/** What every blob storage promises: contracts/blobs.ts, sentence by sentence. */
export function testBlobs({ name, create }: BlobsUnderTest): void {
  describe(`blobs ${name}: a file's way in`, () => {
    test('an upload in one piece becomes a blob under its digest', async () => {
      const blobs = await create();
      const bytes = noise(3 * megabyte + 17);
      await begin(blobs, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
      expect(await write(blobs, 'u', 0, [bytes])).toEqual([{ from: 0, to: bytes.length }]);
      expect(await blobs.commit('u')).toEqual({
        ok: true,
        value: { digest: digestOf(bytes), sizeBytes: bytes.length },
      });
      expect(bytes.equals(await readAll(blobs, digestOf(bytes)))).toBe(true);
      expect(await blobs.stat(digestOf(bytes))).toEqual({
        digest: digestOf(bytes),
        sizeBytes: bytes.length,
      });
      expect(await blobs.upload('u')).toBeUndefined();
    });

    test('the digest need not be known beforehand, and nothing at all is a blob too', async () => {
      const blobs = await create();
      await begin(blobs, { id: 'u', sizeBytes: 5 });
      await write(blobs, 'u', 0, [Buffer.from('hello')]);
      expect(await blobs.commit('u')).toMatchObject({
        value: { digest: 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
      });
      await begin(blobs, { id: 'empty', sizeBytes: 0 });
      expect(await blobs.commit('empty')).toMatchObject({ ok: true, value: { sizeBytes: 0 } });
      expect(await readAll(blobs, digestOf(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    });

    test('pieces may come at once and in any order', async () => {
      const blobs = await create();
      const bytes = noise(4 * megabyte);
      await begin(blobs, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
      const starts = [3, 1, 0, 2].map((at) => at * megabyte);
      const piece = (at: number) => chunked(bytes.subarray(at, at + megabyte), 60_000);
      await Promise.all(starts.map((at) => write(blobs, 'u', at, piece(at))));
      expect(await blobs.upload('u')).toMatchObject({ received: [{ from: 0, to: bytes.length }] });
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
      expect(bytes.equals(await readAll(blobs, digestOf(bytes)))).toBe(true);
    });

    test('what has come is told as sorted, merged ranges', async () => {
      const blobs = await create();
      await begin(blobs, { id: 'u', sizeBytes: 100 });
      await write(blobs, 'u', 40, [noise(10)]);
      await write(blobs, 'u', 0, [noise(10)]);
      expect(await write(blobs, 'u', 10, [noise(5), noise(5)])).toEqual([
        { from: 0, to: 20 },
        { from: 40, to: 50 },
      ]);
      expect(await write(blobs, 'u', 15, [noise(30)])).toEqual([{ from: 0, to: 50 }]);
      expect(await write(blobs, 'u', 100, [])).toEqual([{ from: 0, to: 50 }]);
    });

    test('a byte that has come is not overwritten by a second write of it', async () => {
      const blobs = await create();
      const bytes = noise(1000);
      await begin(blobs, { id: 'u', sizeBytes: 1000, digest: digestOf(bytes) });
      await write(blobs, 'u', 100, [bytes.subarray(100, 400)]);
      await write(blobs, 'u', 0, [bytes.subarray(0, 100), Buffer.alloc(300), bytes.subarray(400)]);
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
    });

    test('a chunk may be reused by its giver once the next is asked for', async () => {
      const blobs = await create();
      const bytes = noise(3 * megabyte);
      await begin(blobs, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
      async function* reusing() {
        const chunk = Buffer.alloc(100_000);
        for (let at = 0; at < bytes.length; at += chunk.length) {
          yield chunk.subarray(0, bytes.copy(chunk, 0, at));
        }
      }
      await write(blobs, 'u', 0, reusing());
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
    });

    test('a source that fails midway keeps what had come, and its problem is the answer', async () => {
      const blobs = await create();
      const bytes = noise(2 * megabyte);
      await begin(blobs, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
      async function* failing() {
        yield bytes.subarray(0, megabyte + 5);
        throw new ProblemError(problem('source_unavailable', 'the line went dead'));
      }
      expect(await blobs.write('u', 0, failing())).toEqual({
        ok: false,
        problem: problem('source_unavailable', 'the line went dead'),
      });
      expect(await blobs.upload('u')).toMatchObject({ received: [{ from: 0, to: megabyte + 5 }] });
      await write(blobs, 'u', megabyte + 5, [bytes.subarray(megabyte + 5)]);
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
    });
  });

  describe(`blobs ${name}: refusals`, () => {
    test('an upload goes on only as what it was announced to be', async () => {
      const blobs = await create();
      const digest = digestOf(Buffer.from('x'));
      await begin(blobs, { id: 'u', sizeBytes: 10, digest });
      await write(blobs, 'u', 0, [noise(4)]);
      expect(await begin(blobs, { id: 'u', sizeBytes: 10, digest })).toMatchObject({
        received: [{ from: 0, to: 4 }],
      });
      for (const other of [{ sizeBytes: 11, digest }, { sizeBytes: 10 }]) {
        expect(await blobs.begin({ id: 'u', ...other })).toMatchObject({
          ok: false,
          problem: { code: 'upload_conflict' },
        });
      }
    });

    test('two who begin the same upload at once get the same one', async () => {
      const blobs = await create();
      const both = await Promise.all([1, 2].map(async () => await blobs.begin({ id: 'u', sizeBytes: 4 })));
      expect(both.map((each) => each.ok)).toEqual([true, true]);
      await write(blobs, 'u', 0, [noise(4)]);
      expect(await blobs.upload('u')).toMatchObject({ received: [{ from: 0, to: 4 }] });
    });

    test.each(['', '.', '..', '../up', 'a/b', 'a\\b', '.hidden', 'a\0b', 'x'.repeat(129)])(
      'the id %j is refused, and leads nowhere',
      async (id) => {
        const blobs = await create();
        expect(await blobs.begin({ id, sizeBytes: 1 })).toMatchObject({
          ok: false,
          problem: { code: 'invalid_request', param: 'id' },
        });
        expect(await blobs.upload(id)).toBeUndefined();
        await blobs.abort(id);
      },
    );

    test('sizes and digests that are none are refused', async () => {
      const blobs = await create();
      for (const sizeBytes of [-1, 0.5, Number.NaN, 2 ** 60]) {
        expect(await blobs.begin({ id: 'u', sizeBytes })).toMatchObject({
          ok: false,
          problem: { param: 'sizeBytes' },
        });
      }
      expect(await blobs.begin({ id: 'u', sizeBytes: 1, digest: 'sha256:../../x' })).toMatchObject({
        ok: false,
        problem: { param: 'digest' },
      });
      for (const digest of ['sha256:../../../etc/passwd', '', `sha256:${'A'.repeat(64)}`]) {
        expect(await blobs.stat(digest)).toBeUndefined();
        await blobs.delete(digest);
        await expect(readAll(blobs, digest)).rejects.toMatchObject({ problem: { code: 'not_found' } });
      }
    });

    test('bytes outside of the announced size are refused; what fits is kept', async () => {
      const blobs = await create();
      await begin(blobs, { id: 'u', sizeBytes: 10 });
      for (const offset of [11, -1, 0.5, Number.NaN]) {
        expect(await blobs.write('u', offset, from([noise(1)]))).toMatchObject({
          ok: false,
          problem: { code: 'upload_conflict' },
        });
      }
      expect(await blobs.write('u', 0, from([noise(8), noise(8)]))).toMatchObject({
        ok: false,
        problem: { code: 'upload_conflict' },
      });
      expect(await blobs.upload('u')).toMatchObject({ received: [{ from: 0, to: 8 }] });
    });

    test('a commit before everything has come is refused and costs nothing', async () => {
      const blobs = await create();
      await begin(blobs, { id: 'u', sizeBytes: 10 });
      await write(blobs, 'u', 0, [noise(9)]);
      expect(await blobs.commit('u')).toMatchObject({ ok: false, problem: { code: 'upload_conflict' } });
      await write(blobs, 'u', 9, [noise(1)]);
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
    });

    test('content that is not what was announced is discarded and can be sent anew', async () => {
      const blobs = await create();
      const bytes = noise(1000);
      const announced = { id: 'u', sizeBytes: 1000, digest: digestOf(bytes) };
      await begin(blobs, announced);
      await write(blobs, 'u', 0, [Buffer.alloc(1000)]);
      expect(await blobs.commit('u')).toMatchObject({ ok: false, problem: { code: 'digest_mismatch' } });
      expect(await blobs.list()).toEqual([]);
      expect(await begin(blobs, announced)).toMatchObject({ received: [] });
      await write(blobs, 'u', 0, [bytes]);
      expect(await blobs.commit('u')).toMatchObject({ ok: true });
    });

    test('what was never begun, or is over, is not found', async () => {
      const blobs = await create();
      await begin(blobs, { id: 'u', sizeBytes: 1 });
      await blobs.abort('u');
      for (const id of ['u', 'never']) {
        expect(await blobs.write(id, 0, from([noise(1)]))).toMatchObject({
          ok: false,
          problem: { code: 'not_found' },
        });
        expect(await blobs.commit(id)).toMatchObject({ ok: false, problem: { code: 'not_found' } });
        expect(await blobs.upload(id)).toBeUndefined();
      }
      expect(await begin(blobs, { id: 'u', sizeBytes: 2 })).toMatchObject({ sizeBytes: 2, received: [] });
    });
  });

  describe(`blobs ${name}: blobs`, () => {
    test('the same content twice is one blob', async () => {
      const blobs = await create();
      const bytes = noise(1000);
      await store(blobs, 'first', bytes);
      await store(blobs, 'second', bytes);
      expect(await blobs.list()).toEqual([{ digest: digestOf(bytes), sizeBytes: 1000 }]);
    });

    test('a list has every blob, ordered by digest', async () => {
      const blobs = await create();
      const contents = Array.from({ length: 12 }, (_, at) => Buffer.from(`content ${at}`));
      for (const [at, bytes] of contents.entries()) await store(blobs, `u${at}`, bytes);
      expect((await blobs.list()).map((blob) => blob.digest)).toEqual(contents.map(digestOf).toSorted());
    });

    test('a range is read as it was asked for; what lies beyond the end is cut off', async () => {
      const blobs = await create();
      const bytes = noise(2 * megabyte + 100);
      await store(blobs, 'u', bytes);
      const read = async (range: ByteRange) => await readAll(blobs, digestOf(bytes), range);
      expect(await read({ from: 5, to: 10 })).toEqual(bytes.subarray(5, 10));
      const middle = await read({ from: megabyte - 1, to: 2 * megabyte + 1 });
      expect(middle.equals(bytes.subarray(megabyte - 1, 2 * megabyte + 1))).toBe(true);
      expect(await read({ from: bytes.length - 3, to: bytes.length + 50 })).toEqual(bytes.subarray(-3));
      expect(await read({ from: 7, to: 7 })).toHaveLength(0);
      expect(await read({ from: bytes.length + 1, to: bytes.length + 5 })).toHaveLength(0);
    });

    test('a reader that stops early is no trouble', async () => {
      const blobs = await create();
      const bytes = noise(5 * megabyte);
      await store(blobs, 'u', bytes);
      for await (const piece of blobs.read(digestOf(bytes))) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      await blobs.delete(digestOf(bytes));
      expect(await blobs.list()).toEqual([]);
    });

    test('what is deleted is gone; deleting it again is no error', async () => {
      const blobs = await create();
      const bytes = noise(100);
      await store(blobs, 'u', bytes);
      await blobs.delete(digestOf(bytes));
      await blobs.delete(digestOf(bytes));
      expect(await blobs.stat(digestOf(bytes))).toBeUndefined();
      await expect(readAll(blobs, digestOf(bytes))).rejects.toMatchObject({
        problem: { code: 'not_found' },
      });
    });
  });
}

/** The same bytes each time. */
export function noise(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = 0x2545f491;
  for (let at = 0; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export async function* from(chunks: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* chunks;
}

function* chunked(bytes: Uint8Array, chunkBytes: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

export async function begin(blobs: Blobs, upload: Omit<Upload, 'received'>): Promise<Upload> {
  const begun = await blobs.begin(upload);
  if (!begun.ok) throw new ProblemError(begun.problem);
  return begun.value;
}

export async function write(
  blobs: Blobs,
  id: string,
  ...[offset, chunks]: [number, Iterable<Uint8Array> | AsyncIterable<Uint8Array>]
): Promise<readonly ByteRange[]> {
  const source = Symbol.asyncIterator in chunks ? chunks : from(chunks);
  const written = await blobs.write(id, offset, source);
  if (!written.ok) throw new ProblemError(written.problem);
  return written.value.received;
}

export async function store(blobs: Blobs, id: string, bytes: Uint8Array): Promise<void> {
  await begin(blobs, { id, sizeBytes: bytes.length });
  await write(blobs, id, 0, [bytes]);
  const done = await blobs.commit(id);
  if (!done.ok) throw new ProblemError(done.problem);
}

export async function readAll(blobs: Blobs, digest: string, range?: ByteRange): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(digest, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}
