import type { ModelFile } from '#contracts';
import { problem, ProblemError } from '#schema';

/** One field of a protobuf message: a number, or the range of bytes that holds its value. */
export interface ProtoField {
  readonly number: number;
  /** 0 a number, 1 eight bytes, 2 a range of bytes, 5 four bytes. */
  readonly wire: number;
  /** Of wire 0; above 2^53 it is not exact, and no such value matters here. */
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

interface ProtoRange {
  readonly from: number;
  readonly to: number;
}

/** Reads protobuf messages out of a file, a window at a time: what is not asked for is never in memory. */
export interface ProtoFields {
  /** The fields of the message that lies in a range. Throws `not_a_model` where the bytes are none. */
  of(range: ProtoRange): AsyncGenerator<ProtoField>;
  text(range: ProtoRange, what: string): Promise<string>;
  /** Numbers of a repeated field, packed or not. */
  numbers(field: ProtoField): Promise<readonly number[]>;
}

const windowBytes = 1 << 18;
/** A varint has at most ten bytes, and a field at most two of them. */
const headBytes = 20;
const textBytesMax = 64 << 20;
const packedBytesMax = 1 << 16;
const decoder = new TextDecoder();

export function notOnnx(what: string): ProblemError {
  return new ProblemError(problem('not_a_model', what));
}

interface Varint {
  readonly value: number;
  readonly to: number;
}

/** The varint that begins at `at`; `undefined` where it does not end in time. */
function varintAt(bytes: Uint8Array, at: number): Varint | undefined {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, to: at + index + 1 };
  }
  return undefined;
}

interface Window {
  readonly from: number;
  readonly bytes: Uint8Array;
}

/** The field whose head begins at `at` of the window; its range is counted from the beginning of the file. */
function fieldAt({ from, bytes }: Window, at: number): ProtoField | undefined {
  const key = varintAt(bytes, at - from);
  if (key === undefined) return undefined;
  const wire = key.value % 8;
  const field = { number: Math.floor(key.value / 8), wire, value: 0 };
  if (wire === 1 || wire === 5) {
    const start = from + key.to;
    return { ...field, from: start, to: start + (wire === 1 ? 8 : 4) };
  }
  const next = varintAt(bytes, key.to);
  if (next === undefined || (wire !== 0 && wire !== 2)) return undefined;
  const start = from + next.to;
  return wire === 0
    ? { ...field, value: next.value, from: start, to: start }
    : { ...field, from: start, to: start + next.value };
}

export function createProtoFields(file: ModelFile, signal: AbortSignal): ProtoFields {
  let window: Window = { from: 0, bytes: new Uint8Array(0) };

  async function around(at: number): Promise<Window> {
    const end = window.from + window.bytes.length;
    const wanted = Math.min(at + headBytes, file.sizeBytes);
    if (at < window.from || wanted > end) {
      signal.throwIfAborted();
      window = { from: at, bytes: await file.read(at, Math.min(windowBytes, file.sizeBytes - at)) };
    }
    return window;
  }

  async function* of({ from, to }: ProtoRange): AsyncGenerator<ProtoField> {
    let at = from;
    while (at < to) {
      const field = fieldAt(await around(at), at);
      if (field === undefined || field.number === 0)
        throw notOnnx('The file is not ONNX: its bytes are no protobuf message.');
      if (field.to > file.sizeBytes)
        throw notOnnx(
          `The file ends at ${file.sizeBytes} bytes, inside a part that goes on to ${field.to}: it is truncated, or not ONNX.`,
        );
      if (field.to > to) throw notOnnx('The file is not ONNX: a field is longer than what it is part of.');
      yield field;
      at = field.to;
    }
  }

  return {
    of,
    async text({ from, to }, what) {
      if (to - from > textBytesMax)
        throw notOnnx(`${what} is longer than ${textBytesMax >> 20} MiB: the file is damaged.`);
      return decoder.decode(await file.read(from, to - from));
    },
    async numbers({ wire, value, from, to }) {
      if (wire === 0) return [value];
      if (to - from > packedBytesMax) throw notOnnx('A list of sizes is too long: the file is damaged.');
      const bytes = await file.read(from, to - from);
      const found: number[] = [];
      for (let at = 0; at < bytes.length;) {
        const varint = varintAt(bytes, at);
        if (varint === undefined) throw notOnnx('A list of sizes is cut off: the file is damaged.');
        found.push(varint.value);
        at = varint.to;
      }
      return found;
    },
  };
}
