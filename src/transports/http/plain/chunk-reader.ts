/** Extensions and trailers are allowed and ignored, up to this much. */
const ignoredBytesMax = 4096;
const sizeDigitsMax = 12;

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const extensionStarts: ReadonlySet<number> = new Set([0x3b, 0x20, 0x09]);

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function endsLine(piece: Buffer, at: number): boolean {
  return piece[at] === carriageReturn && piece[at + 1] === lineFeed;
}

/** Engines send one event in one chunk, and one chunk at a time: then there is nothing to be put together. */
function wholeChunk(piece: Buffer): Buffer | undefined {
  let [length, at] = [0, 0];
  for (
    let digit = digitOf(piece[0] ?? 0);
    digit >= 0 && at < sizeDigitsMax;
    digit = digitOf(piece[at] ?? 0)
  ) {
    length = length * 16 + digit;
    at += 1;
  }
  const to = at + 2 + length;
  if (length === 0 || to + 2 !== piece.length) return undefined;
  return endsLine(piece, at) && endsLine(piece, to) ? piece.subarray(at + 2, to) : undefined;
}

/** `broken`: these bytes are no chunks. `done`: the body is complete; what follows at `at` is not part of it. */
export type ChunkState = 'more' | 'done' | 'broken';

interface Reading {
  /** What the next byte of framing is for; false means that it has no business there. */
  step: (reading: Reading, byte: number) => boolean;
  inData: boolean;
  isDone: boolean;
  leftBytes: number;
  digits: number;
  ignoredBytes: number;
}

type Step = Reading['step'];

const size: Step = (reading, byte) => {
  const digit = digitOf(byte);
  if (digit >= 0) {
    reading.leftBytes = reading.leftBytes * 16 + digit;
    reading.digits += 1;
    return reading.digits <= sizeDigitsMax;
  }
  if (reading.digits === 0) return false;
  reading.digits = 0;
  reading.step = byte === carriageReturn ? sizeEnd : extension;
  return byte === carriageReturn || extensionStarts.has(byte);
};

const extension: Step = (reading, byte) => {
  if (byte === carriageReturn) reading.step = sizeEnd;
  reading.ignoredBytes += 1;
  return byte !== lineFeed && reading.ignoredBytes <= ignoredBytesMax;
};

const sizeEnd: Step = (reading, byte) => {
  reading.inData = reading.leftBytes > 0;
  reading.step = reading.inData ? dataReturn : line;
  return byte === lineFeed;
};

const dataReturn: Step = (reading, byte) => {
  reading.step = dataFeed;
  return byte === carriageReturn;
};

const dataFeed: Step = (reading, byte) => {
  reading.step = size;
  return byte === lineFeed;
};

/** A trailer line begins, or the empty line that ends the body. */
const line: Step = (reading, byte) => {
  reading.step = byte === carriageReturn ? last : trailer;
  return byte !== lineFeed;
};

const trailer: Step = (reading, byte) => {
  if (byte === lineFeed) reading.step = line;
  reading.ignoredBytes += 1;
  return reading.ignoredBytes <= ignoredBytesMax;
};

const last: Step = (reading, byte) => {
  reading.isDone = true;
  return byte === lineFeed;
};

/**
 * Reads chunked transfer coding (RFC 9112, 7.1), as strictly as it is written and however it was cut. What stands
 * between the data of two chunks is read byte by byte. A class: one is made for every streamed reply.
 */
export class ChunkReader {
  /** Where reading stopped in the last piece. */
  at = 0;
  private readonly reading: Reading = {
    step: size,
    inData: false,
    isDone: false,
    leftBytes: 0,
    digits: 0,
    ignoredBytes: 0,
  };

  /** The payload of a piece that is one chunk, whole and alone; undefined for all others, which `read` then takes. */
  readWhole(piece: Buffer): Buffer | undefined {
    const { step, inData, digits } = this.reading;
    return step === size && !inData && digits === 0 ? wholeChunk(piece) : undefined;
  }

  /** Hands over the payload in this piece through `onData`, as slices of it. */
  read(piece: Buffer, onData: (data: Buffer) => void): ChunkState {
    const { reading } = this;
    this.at = 0;
    while (this.at < piece.length && !reading.isDone) {
      if (reading.inData) this.data(piece, onData);
      else if (!reading.step(reading, piece[this.at++] ?? 0)) return 'broken';
    }
    return reading.isDone ? 'done' : 'more';
  }

  private data(piece: Buffer, onData: (data: Buffer) => void): void {
    const { reading } = this;
    const to = Math.min(piece.length, this.at + reading.leftBytes);
    reading.leftBytes -= to - this.at;
    onData(this.at === 0 && to === piece.length ? piece : piece.subarray(this.at, to));
    this.at = to;
    reading.inData = reading.leftBytes > 0;
  }
}
