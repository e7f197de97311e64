import type { ModelFile, Result } from '#contracts';
import { problemOf } from '#schema';
import { storedTensor } from './ggml-types.ts';
import { createGgufCursor, HeaderGoesOn, notAModel, type GgufCursor } from './gguf-cursor.ts';

type GgufScalar = number | string | boolean;
/** Arrays are counted and not kept: the big ones are vocabularies, which inspection has no use for. */
type GgufValue = GgufScalar | { readonly length: number };

interface GgufTensor {
  readonly name: string;
  readonly typeName: string;
  readonly parameters: number;
  /** From the beginning of the data part. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** What stands before the data of a GGUF file. */
export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  /** Where the data part begins. */
  readonly dataOffset: number;
  /** What the file must have at least. */
  readonly neededBytes: number;
}

const magic = 0x46554747;
const firstBytes = 1 << 20;
/** Headers are mostly vocabulary; half a million long tokens with merges stay below this. */
const headerBytesMax = 256 << 20;
const tensorsMax = 1 << 17;
const entriesMax = 1 << 16;
const dimensionsMax = 4;

/** Reads the header of a GGUF file and checks that all its data is there; refuses with `not_a_model` and what is wrong. */
export async function readGguf(file: ModelFile, signal: AbortSignal): Promise<Result<GgufHeader>> {
  let wantedBytes = firstBytes;
  for (;;) {
    signal.throwIfAborted();
    const bytes = await file.read(0, Math.min(wantedBytes, file.sizeBytes, headerBytesMax));
    try {
      return { ok: true, value: parseHeader(bytes, file.sizeBytes) };
    } catch (error) {
      if (!(error instanceof HeaderGoesOn)) return { ok: false, problem: problemOf(error) };
      const refusal = whyNoMore(bytes.length, file.sizeBytes);
      if (refusal !== undefined) return { ok: false, problem: problemOf(notAModel(refusal)) };
      wantedBytes = Math.max(error.wantedBytes, wantedBytes * 2);
    }
  }
}

function whyNoMore(gotBytes: number, fileBytes: number): string | undefined {
  if (gotBytes >= fileBytes)
    return `The file ends at ${count(fileBytes)} bytes, inside its header: it is truncated.`;
  if (gotBytes >= headerBytesMax)
    return `The header is corrupt: it would be longer than ${count(headerBytesMax)} bytes.`;
  return undefined;
}

function parseHeader(bytes: Uint8Array, fileBytes: number): GgufHeader {
  if (fileBytes === 0) throw notAModel('The file is empty.');
  const cursor = createGgufCursor(bytes, fileBytes);
  if (fileBytes < 4 || cursor.u32() !== magic)
    throw notAModel('The file is not a GGUF model: it does not begin with "GGUF".');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw notAModel(`The file is GGUF version ${version}; versions 2 and 3 can be read.`);
  const tensorCount = bounded(cursor.u64('the number of tensors'), tensorsMax, 'tensors');
  const entryCount = bounded(cursor.u64('the number of metadata entries'), entriesMax, 'metadata entries');
  const metadata = readMetadata(cursor, entryCount);
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) tensors.push(readTensor(cursor));
  return checkedData({ version, metadata, tensors, endOffset: cursor.offset() }, fileBytes);
}

interface HeaderParts extends Pick<GgufHeader, 'version' | 'metadata' | 'tensors'> {
  readonly endOffset: number;
}

function checkedData(parts: HeaderParts, fileBytes: number): GgufHeader {
  const { version, metadata, tensors } = parts;
  const alignment = alignmentOf(metadata);
  if (tensors.length === 0) throw notAModel('The file holds no tensors, so there is nothing to run.');
  const dataOffset = Math.ceil(parts.endOffset / alignment) * alignment;
  let neededBytes = dataOffset;
  const names = new Set<string>();
  for (const { name, offset, sizeBytes } of tensors) {
    if (offset % alignment !== 0)
      throw notAModel(
        `The header is corrupt: tensor "${name}" does not begin at a multiple of ${alignment}.`,
      );
    if (names.has(name)) throw notAModel(`The header is corrupt: there are two tensors "${name}".`);
    names.add(name);
    neededBytes = Math.max(neededBytes, dataOffset + offset + sizeBytes);
  }
  if (fileBytes < neededBytes)
    throw notAModel(`The file ends at ${count(fileBytes)} of ${count(neededBytes)} bytes: it is truncated.`);
  return { version, metadata, tensors, dataOffset, neededBytes };
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 8 || alignment > 1 << 20 || alignment % 8 !== 0)
    throw notAModel('The header is corrupt: "general.alignment" is not a multiple of 8.');
  return alignment;
}

function readMetadata(cursor: GgufCursor, entryCount: number): ReadonlyMap<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entryCount; index += 1) {
    const key = cursor.text(`the name of metadata entry ${index + 1}`);
    if (metadata.has(key)) throw notAModel(`The header is corrupt: there are two entries "${shown(key)}".`);
    metadata.set(key, readValue(cursor, cursor.u32(), shown(key)));
  }
  return metadata;
}

/** By the type numbers of the format. */
const fixedSizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

const readers: Readonly<Record<number, (cursor: GgufCursor, key: string) => GgufScalar>> = {
  0: (cursor) => cursor.u8(),
  1: (cursor) => cursor.i8(),
  2: (cursor) => cursor.u16(),
  3: (cursor) => cursor.i16(),
  4: (cursor) => cursor.u32(),
  5: (cursor) => cursor.i32(),
  6: (cursor) => cursor.f32(),
  7: (cursor) => cursor.u8() !== 0,
  8: (cursor, key) => cursor.text(`"${key}"`),
  10: (cursor, key) => cursor.u64(`"${key}"`),
  11: (cursor) => cursor.i64(),
  12: (cursor) => cursor.f64(),
};

const arrayType = 9;
const textType = 8;

function readValue(cursor: GgufCursor, type: number, key: string): GgufValue {
  if (type === arrayType) return readArray(cursor, key);
  const read = readers[type];
  if (read === undefined)
    throw notAModel(`The header is corrupt: metadata entry "${key}" has the unknown type ${type}.`);
  return read(cursor, key);
}

function readArray(cursor: GgufCursor, key: string): { readonly length: number } {
  const type = cursor.u32();
  const length = cursor.u64(`the length of "${key}"`);
  if (type === textType) {
    for (let index = 0; index < length; index += 1) cursor.skip(cursor.u64(`a text in "${key}"`));
    return { length };
  }
  const size = fixedSizes[type];
  if (size === undefined)
    throw notAModel(`The header is corrupt: the list "${key}" has the unknown type ${type}.`);
  cursor.skip(length * size);
  return { length };
}

function readTensor(cursor: GgufCursor): GgufTensor {
  const name = shown(cursor.text('the name of a tensor'));
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > dimensionsMax)
    throw notAModel(`The header is corrupt: tensor "${name}" has ${dimensions} dimensions.`);
  let parameters = 1;
  let rowValues = 1;
  for (let index = 0; index < dimensions; index += 1) {
    const length = cursor.u64(`a dimension of tensor "${name}"`);
    if (index === 0) rowValues = length;
    parameters *= length;
  }
  if (!Number.isSafeInteger(parameters))
    throw notAModel(
      `The header is corrupt: tensor "${name}" would have ${parameters.toExponential(1)} values.`,
    );
  const type = cursor.u32();
  const stored = storedTensor(type, parameters, rowValues);
  if (stored === undefined)
    throw notAModel(
      `Tensor "${name}" is of a type that cannot be read (${type}, rows of ${rowValues} values).`,
    );
  return { name, parameters, ...stored, offset: cursor.u64(`the place of tensor "${name}"`) };
}

function bounded(value: number, max: number, what: string): number {
  if (value > max)
    throw notAModel(
      `The header is corrupt: it announces ${count(value)} ${what}; ${count(max)} is the most.`,
    );
  return value;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

/** Names come from the file: short and printable in a message. */
function shown(text: string): string {
  const clean = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return clean.length > 80 ? `${clean.slice(0, 77)}…` : clean;
}
