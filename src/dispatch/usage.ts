/** What a request cost, as the engine reported it. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const none: Usage = { promptTokens: 0, completionTokens: 0 };

/** The usage object stands at the end of an answer, or in the last event before `[DONE]`. */
export const usageTailBytes = 2048;

function countAfter(text: string, name: string): number {
  const found = new RegExp(`"${name}"\\s*:\\s*(\\d{1,12})`).exec(text);
  return found?.[1] === undefined ? 0 : Number(found[1]);
}

/** Reads token counts from the last bytes of an OpenAI answer, without parsing the rest; zeros where there are none. */
export function readUsage(tail: Uint8Array): Usage {
  const bytes = tail.length > usageTailBytes ? tail.subarray(tail.length - usageTailBytes) : tail;
  const text = String.fromCharCode(...bytes);
  const at = text.lastIndexOf('"usage"');
  if (at === -1) return none;
  const usage = text.slice(at);
  return {
    promptTokens: countAfter(usage, 'prompt_tokens'),
    completionTokens: countAfter(usage, 'completion_tokens'),
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
