import { describe, expect, test } from 'vitest';
import type { ByteRange, Source, SourceFile } from '#contracts';
import { ProblemError, problemOf, problems } from '#schema';
import { digestOf, noise } from './blobs.ts';

/** A place with one file in it, and the address of the file there. */
interface SourceUnderTest {
  readonly name: string;
  readonly ranged: boolean;
  readonly prepare: (content: Buffer) => Promise<PreparedFile>;
}

interface PreparedFile {
  readonly source: Source;
  readonly uri: string;
  /** The address of nothing, in the same place. */
  readonly missingUri: string;
  /** Puts other content of the same size in its place. */
  readonly replace: (content: Buffer) => Promise<void>;
  readonly close: () => Promise<void>;
}

const content = noise(300_000);
const never = new AbortController().signal;

/** What every source promises: contracts/source.ts. */
export function testSource({ name, ranged, prepare }: SourceUnderTest): void {
  async function withFile(work: (file: SourceFile, place: PreparedFile) => Promise<void>): Promise<void> {
    const place = await prepare(content);
    try {
      await work(await openFile(place.source, place.uri), place);
    } finally {
      await place.close();
    }
  }

  describe(`source ${name}`, () => {
    test('says what it has', async () => {
      await withFile(async (file) => {
        expect(file).toMatchObject({ name: 'model.gguf', sizeBytes: content.length, ranged });
        expect(file.identity).not.toBe('');
      });
    });

    test('gives the whole file, as often as it is asked', async () => {
      await withFile(async (file) => {
        const whole = { from: 0, to: content.length };
        for (let round = 0; round < 2; round += 1) {
          expect(content.equals(await readRange(file, whole))).toBe(true);
        }
      });
    });

    test('gives the beginning, and nothing where nothing was asked for', async () => {
      await withFile(async (file) => {
        expect(content.subarray(0, 10).equals(await readRange(file, { from: 0, to: 10 }))).toBe(true);
        expect(await readRange(file, { from: 0, to: 0 })).toHaveLength(0);
      });
    });

    test('gives parts, several at once, where it can; otherwise it says that it cannot', async () => {
      await withFile(async (file) => {
        const parts = [
          { from: 1000, to: 200_001 },
          { from: 299_999, to: 300_000 },
          { from: 5, to: 6 },
        ];
        const read = parts.map((part) =>
          readRange(file, part).then(digestOf, (cause) => problemOf(cause).code),
        );
        const expected = parts.map(({ from, to }) => digestOf(content.subarray(from, to)));
        expect(await Promise.all(read)).toEqual(ranged ? expected : parts.map(() => 'source_unavailable'));
      });
    });

    test('keeps its identity while the content does, and gets another with it', async () => {
      await withFile(async (file, place) => {
        expect((await openFile(place.source, place.uri)).identity).toBe(file.identity);
        await place.replace(Buffer.alloc(content.length, 7));
        expect((await openFile(place.source, place.uri)).identity).not.toBe(file.identity);
      });
    });

    test('a reader that stops early, or cancels, is no trouble', async () => {
      await withFile(async (file) => {
        for await (const chunk of file.read({ from: 0, to: content.length }, never)) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        expect(content.equals(await readRange(file, { from: 0, to: content.length }))).toBe(true);
      });
    });

    test('what is not there will not come by asking again, and that is said', async () => {
      await withFile(async (_, place) => {
        const opened = await place.source.open(place.missingUri, never);
        expect(opened).toMatchObject({ ok: false, problem: { code: 'not_found' } });
        expect(problems.not_found.retry).toBe('never');
      });
    });

    test('an address that makes no sense is refused', async () => {
      await withFile(async (_, { source }) => {
        for (const uri of ['', `${source.scheme}:`, 'gopher://example.test/x']) {
          expect(await source.open(uri, never)).toMatchObject({
            ok: false,
            problem: { code: 'invalid_request', param: 'source' },
          });
        }
      });
    });
  });
}

export async function openFile(source: Source, uri: string): Promise<SourceFile> {
  const opened = await source.open(uri, never);
  if (!opened.ok) throw new ProblemError(opened.problem);
  return opened.value;
}

export async function readRange(
  file: SourceFile,
  range: ByteRange,
  signal: AbortSignal = never,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read(range, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
