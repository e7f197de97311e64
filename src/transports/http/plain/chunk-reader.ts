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

/** `broken`: these bytes are no chunks. `done`: the body is complete; what follows is not part of it. */
type ChunkState = 'more' | 'done' | 'broken';

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

const nothing = Buffer.alloc(0);

function endsLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === carriageReturn && bytes[at + 1] === lineFeed;
}

/**
 * Reads chunked transfer coding (RFC 9112, 7.1), as strictly as it is written and however it was cut. What stands
 * between the data of two chunks is read byte by byte. A class: one is made for every streamed reply.
 */
export class ChunkReader implements Reading {
  state: ChunkState = 'more';
  /** How many of the last bytes belong to the body. */
  at = 0;
  step: Step = size;
  inData = false;
  isDone = false;
  leftBytes = 0;
  digits = 0;
  ignoredBytes = 0;

  /** The payload in the first `count` bytes, in one piece: put together in the place of what was read. */
  read(bytes: Buffer, count: number): Buffer {
    const isBetween = this.step === size && !this.inData && this.digits === 0;
    const data = isBetween ? this.readWhole(bytes, count) : undefined;
    return data ?? this.readPieces(bytes, count);
  }

  /** Engines send one event in one chunk, and one chunk at a time: then there is nothing to be put together. */
  private readWhole(bytes: Buffer, count: number): Buffer | undefined {
    let [length, at] = [0, 0];
    for (
      let digit = digitOf(bytes[0] ?? 0);
      digit >= 0 && at < sizeDigitsMax;
      digit = digitOf(bytes[at] ?? 0)
    ) {
      length = length * 16 + digit;
      at += 1;
    }
    const to = at + 2 + length;
    if (length === 0 || to + 2 !== count || !endsLine(bytes, at) || !endsLine(bytes, to)) return undefined;
    this.at = count;
    return bytes.subarray(at + 2, to);
  }

  private readPieces(bytes: Buffer, count: number): Buffer {
    let length = 0;
    this.at = 0;
    while (this.at < count && this.state === 'more') {
      if (this.inData) length += this.moveData(bytes, length, count);
      else if (!this.step(this, bytes[this.at++] ?? 0)) this.state = 'broken';
      else if (this.isDone) this.state = 'done';
    }
    return length === 0 ? nothing : bytes.subarray(0, length);
  }

  /** Moves what is data of the chunk that has begun down to where the data before it ends; gives how much it is. */
  private moveData(bytes: Buffer, down: number, count: number): number {
    const from = this.at;
    const length = Math.min(count - from, this.leftBytes);
    if (from !== down) bytes.copyWithin(down, from, from + length);
    this.at += length;
    this.leftBytes -= length;
    this.inData = this.leftBytes > 0;
    return length;
  }
}
