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

function lastIndexOf(bytes: Uint8Array, word: Uint8Array, downTo: number): number {
  for (let at = bytes.length - word.length; at >= downTo; at--) if (standsAt(bytes, at, word)) return at;
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

/**
 * Reads token counts from the last bytes of an OpenAI answer; zeros where there are none. On bytes, since it runs for
 * every answer: no string is made and nothing is parsed.
 */
export function readUsage(tail: Uint8Array): Usage {
  const at = lastIndexOf(tail, usageName, Math.max(0, tail.length - usageTailBytes));
  if (at === -1) return none;
  return {
    promptTokens: countAfter(tail, promptName, at),
    completionTokens: countAfter(tail, completionName, at),
  };
}

/** Keeps the last bytes of a stream by reference: at most the chunks that hold them, nothing copied until asked. */
export function createTail(): { push(bytes: Uint8Array): void; read(): Uint8Array } {
  let last: Uint8Array | undefined;
  let before: Uint8Array | undefined;
  return {
    push(bytes) {
      if (last !== undefined && bytes.length < usageTailBytes) before = last;
      last = bytes;
    },
    read() {
      if (last === undefined) return new Uint8Array(0);
      if (before === undefined || last.length >= usageTailBytes) return last;
      const joined = new Uint8Array(before.length + last.length);
      joined.set(before);
      joined.set(last, before.length);
      return joined;
    },
  };
}
