import { problem, ProblemError } from '#schema';

/** Thrown where the bytes at hand end before the header does: whoever has more bytes begins again with those. */
export class HeaderGoesOn extends Error {
  readonly wantedBytes: number;
  constructor(wantedBytes: number) {
    super(`the header goes on until byte ${wantedBytes} at least`);
    this.name = 'HeaderGoesOn';
    this.wantedBytes = wantedBytes;
  }
}

export function notAModel(what: string): ProblemError {
  return new ProblemError(problem('not_a_model', what));
}

/** Reads little-endian values one after the other. */
export interface GgufCursor {
  readonly offset: () => number;
  readonly u8: () => number;
  readonly i8: () => number;
  readonly u16: () => number;
  readonly i16: () => number;
  readonly u32: () => number;
  readonly i32: () => number;
  readonly f32: () => number;
  readonly f64: () => number;
  /** `what` names the value in the refusal of one that no file can hold. */
  readonly u64: (what: string) => number;
  readonly i64: () => number;
  readonly text: (what: string) => string;
  readonly skip: (sizeBytes: number) => void;
}

const decoder = new TextDecoder();

/** `fileBytes` is the size of the whole file, of which `bytes` is the beginning. */
export function createGgufCursor(bytes: Uint8Array, fileBytes: number): GgufCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (sizeBytes: number): number => {
    const from = at;
    if (from + sizeBytes > bytes.length) throw new HeaderGoesOn(from + sizeBytes);
    at = from + sizeBytes;
    return from;
  };
  const u64 = (what: string): number => {
    const value = Number(view.getBigUint64(take(8), true));
    if (!Number.isSafeInteger(value))
      throw notAModel(`The header is corrupt: ${what} would be ${value.toExponential(1)}.`);
    return value;
  };
  return {
    offset: () => at,
    u8: () => view.getUint8(take(1)),
    i8: () => view.getInt8(take(1)),
    u16: () => view.getUint16(take(2), true),
    i16: () => view.getInt16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    i32: () => view.getInt32(take(4), true),
    f32: () => view.getFloat32(take(4), true),
    f64: () => view.getFloat64(take(8), true),
    u64,
    i64: () => Number(view.getBigInt64(take(8), true)),
    text: (what) => {
      const length = u64(`the length of ${what}`);
      if (length > fileBytes)
        throw notAModel(
          `The header is corrupt: ${what} would be ${length.toLocaleString('en')} bytes long, more than the file.`,
        );
      const from = take(length);
      return decoder.decode(bytes.subarray(from, from + length));
    },
    skip: (sizeBytes) => void take(sizeBytes),
  };
}
