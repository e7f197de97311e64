import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelFile } from '#contracts';
import { inspectGguf } from './inspect.ts';

const never = new AbortController().signal;

function fileOf(bytes: Uint8Array): ModelFile {
  return {
    name: 'm.gguf',
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function textEntry(key: string, value: string): Buffer {
  return Buffer.concat([text(key), u32(8), text(value)]);
}

/** A whole small model: two tensors of 64 values, in F32 and Q8_0. */
function smallModel({ entries = [], type = 8 }: { entries?: Buffer[]; type?: number } = {}): Buffer {
  const metadata = [
    textEntry('general.architecture', 'llama'),
    textEntry('general.license', 'mit'),
    textEntry('tokenizer.chat_template', '{{ messages }}'),
    Buffer.concat([text('llama.context_length'), u32(4), u32(2048)]),
    Buffer.concat([text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(3), text('a'), text('b'), text('c')]),
    Buffer.concat([text('tokenizer.ggml.token_type'), u32(9), u32(5), u64(3), Buffer.alloc(12)]),
    ...entries,
  ];
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(2),
    u64(metadata.length),
    ...metadata,
    Buffer.concat([text('one'), u32(1), u64(64), u32(0), u64(0)]),
    Buffer.concat([text('two'), u32(2), u64(32), u64(4), u32(type), u64(256)]),
  ]);
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  return Buffer.concat([head, padding, Buffer.alloc(256 + 136)]);
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const inspected = await inspectGguf(fileOf(bytes), never);
  if (inspected.ok) return 'accepted';
  expect(inspected.problem.code).toBe('not_a_model');
  return inspected.problem.message;
}

describe('a model file', () => {
  it('tells what it is', async () => {
    expect(await inspectGguf(fileOf(smallModel()), never)).toEqual({
      ok: true,
      value: {
        format: 'gguf',
        facts: {
          architecture: 'llama',
          parameters: 192,
          quantisation: 'Q8_0',
          contextLength: 2048,
          vocabularySize: 3,
          licence: 'mit',
          hasChatTemplate: true,
          ggufVersion: 3,
        },
      },
    });
  });

  it('says nothing where it says NaN or infinity: no JSON could hold that', async () => {
    for (const odd of [Number.NaN, Infinity, -Infinity]) {
      const value = Buffer.alloc(4);
      value.writeFloatLE(odd);
      const entries = ['embedding_length', 'block_count'].map((key) =>
        Buffer.concat([text(`llama.${key}`), u32(6), value]),
      );
      const inspected = await inspectGguf(fileOf(smallModel({ entries })), never);
      expect(inspected.ok && inspected.value.facts).toMatchObject({ contextLength: 2048 });
      expect(inspected.ok && Object.keys(inspected.value.facts)).not.toContain('embeddingLength');
      expect(inspected.ok && Object.keys(inspected.value.facts)).not.toContain('layers');
    }
  });

  it('is refused when it is something else, with the reason', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('The file is empty.');
    expect(await refusal(Buffer.from('GG'))).toContain('not a GGUF model');
    expect(await refusal(Buffer.from('# A text about models\n'))).toContain('not a GGUF model');
    expect(await refusal(Buffer.concat([Buffer.from('GGUF'), u32(9), u64(0), u64(0)]))).toContain(
      'version 9',
    );
    expect(await refusal(Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(0)]))).toContain(
      'no tensors',
    );
  });

  it('is refused when it ends too soon, wherever that is', async () => {
    const whole = smallModel();
    expect(await refusal(whole.subarray(0, whole.length - 1))).toBe(
      `The file ends at ${(whole.length - 1).toLocaleString('en')} of ${whole.length.toLocaleString('en')} bytes: it is truncated.`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        expect(await refusal(whole.subarray(0, length))).toMatch(/truncated|empty|not a GGUF/);
      }),
    );
  });

  it('is refused when its header makes no sense', async () => {
    const head = (tensors: number, entries: number): Buffer =>
      Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors), u64(entries), Buffer.alloc(64)]);
    expect(await refusal(head(1e12, 0))).toContain('announces 1,000,000,000,000 tensors');
    expect(await refusal(head(1, 1e9))).toContain('metadata entries');
    const longText = Buffer.concat([text('k'), u32(8), u64(1e9)]);
    expect(await refusal(smallModel({ entries: [longText] }))).toContain('more than the file');
    expect(await refusal(smallModel({ entries: [Buffer.concat([text('k'), u32(77)])] }))).toContain(
      'unknown type 77',
    );
    expect(await refusal(smallModel({ type: 99 }))).toContain('type that cannot be read (99');
    // Rows of 32 values cannot be cut into blocks of 256.
    expect(await refusal(smallModel({ type: 12 }))).toContain('rows of 32 values');
    expect(await refusal(smallModel({ entries: [textEntry('general.license', 'x')] }))).toContain(
      'two entries',
    );
  });

  it('whatever its bytes, is accepted or refused, and never breaks the reader', async () => {
    expect.hasAssertions();
    const whole = smallModel();
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, byte] of changed) bytes[at] = byte;
        const inspected = await inspectGguf(fileOf(bytes), never);
        expect(inspected.ok ? 'not_a_model' : inspected.problem.code).toBe('not_a_model');
      }),
      { numRuns: 300 },
    );
  });

  const demo = 'models/demo/demo-q8_0.gguf';
  it.skipIf(!existsSync(demo))('that ships is one', async () => {
    const inspected = await inspectGguf(fileOf(readFileSync(demo)), never);
    expect(inspected).toMatchObject({
      ok: true,
      value: { facts: { architecture: 'llama', quantisation: 'Q8_0', hasChatTemplate: true } },
    });
  });
});
