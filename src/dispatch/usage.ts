/** What a request cost, as the engine reported it. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const none: Usage = { promptTokens: 0, completionTokens: 0 };

/** The usage object stands at the end of an answer, or in the last event before `[DONE]`. */
const usageTailBytes = 2048;

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const usageName = toBytes('"usage"');
const promptName = toBytes('"prompt_tokens"');
const completionName = toBytes('"completion_tokens"');

function standsAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return false;
  return true;
}

/** How far to the left the next place is at which the name may stand, by the byte that stands where it would begin. */
const steps = new Uint8Array(256).fill(usageName.length);
for (let at = usageName.length - 1; at > 0; at -= 1) steps[usageName[at] ?? 0] = at;

/** Where `"usage"` begins last, at or before `from`; -1 where there is none. Looks at few of the bytes (Horspool). */
function lastUsage(bytes: Uint8Array, from: number): number {
  const downTo = Math.max(0, bytes.length - usageTailBytes);
  for (let at = from; at >= downTo; at -= steps[bytes[at] ?? 0] ?? 1)
    if (standsAt(bytes, at, usageName)) return at;
  return -1;
}

const digitZero = 0x30;
const digitNine = 0x39;
const countMax = 1e12;

/** The whole number behind `name`, of which the first is at or after `from`; 0 where there is none. */
function countAfter(bytes: Uint8Array, name: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !standsAt(bytes, at, name)) at++;
  at += name.length;
  // At most a colon and white space stand between a name and its number.
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x3a && !isDigit(bytes[at])) at++;
  let count = 0;
  for (; isDigit(bytes[at]) && count < countMax; at++)
    count = count * 10 + ((bytes[at] ?? digitZero) - digitZero);
  return count;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= digitZero && byte <= digitNine;
}

const braceOpen = 0x7b;
const braceClose = 0x7d;
const colon = 0x3a;
const space = 0x20;

/** Whether the bytes end before the value of the usage that begins at `from` does. */
function isCutOff(bytes: Uint8Array, from: number): boolean {
  let depth = 0;
  for (let at = from + usageName.length; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === braceOpen) depth += 1;
    else if (byte === braceClose) depth -= 1;
    // No object, null for example.
    else if (depth === 0 && byte !== colon && byte > space) return false;
    if (depth === 0 && byte === braceClose) return false;
  }
  return true;
}

/** Where `"usage"` begins that may only be whole with the next bytes; -1 where the end does not look like it. */
function beginning(bytes: Uint8Array): number {
  const to = bytes.length;
  for (let at = Math.max(0, to - usageName.length + 1); at < to; at += 1) {
    let same = at;
    while (same < to && bytes[same] === usageName[same - at]) same += 1;
    if (same === to) return at;
  }
  return -1;
}

function joined(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(before.length + bytes.length);
  whole.set(before);
  whole.set(bytes, before.length);
  return whole;
}

/**
 * Reads token counts from an OpenAI answer while it passes: the last that it tells count, zeros where there are none. On
 * bytes, since every chunk passes it: no string is made, nothing is parsed, and nothing kept but a usage that was cut.
 */
export class UsageReader {
  usage: Usage = none;
  private cut: Uint8Array | undefined;

  push(bytes: Uint8Array): void {
    const all = this.cut === undefined ? bytes : joined(this.cut, bytes);
    const last = lastUsage(all, all.length - usageName.length);
    const cutAt = last !== -1 && isCutOff(all, last) ? last : beginning(all);
    this.cut = cutAt === -1 ? undefined : new Uint8Array(all.subarray(cutAt));
    let at = last;
    while (at !== -1 && (at === cutAt || !this.take(all, at))) at = lastUsage(all, at - 1);
  }

  /** False where it tells nothing. */
  private take(bytes: Uint8Array, at: number): boolean {
    const promptTokens = countAfter(bytes, promptName, at);
    const completionTokens = countAfter(bytes, completionName, at);
    const isTold = promptTokens + completionTokens > 0;
    if (isTold) this.usage = { promptTokens, completionTokens };
    return isTold;
  }
}
