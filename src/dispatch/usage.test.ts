import { describe, expect, it } from 'vitest';
import { createTail, readUsage } from './usage.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('reading what a request cost from the end of its answer', () => {
  it('finds the counts of a plain answer', () => {
    const body =
      '{"choices":[{"text":"x"}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}';
    expect(readUsage(bytes(body))).toEqual({ promptTokens: 12, completionTokens: 34 });
  });

  it('finds them in the last event of a stream, however the bytes were cut', () => {
    const stream =
      'data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}\n\ndata: [DONE]\n\n';
    for (let at = 1; at < stream.length; at++) {
      const tail = createTail();
      tail.push(bytes('data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'.repeat(50)));
      tail.push(bytes(stream.slice(0, at)));
      tail.push(bytes(stream.slice(at)));
      expect(readUsage(tail.read())).toEqual({ promptTokens: 5, completionTokens: 7 });
    }
  });

  it('is zero where nothing was reported', () => {
    expect(readUsage(bytes('{"choices":[]}'))).toEqual({ promptTokens: 0, completionTokens: 0 });
    expect(readUsage(createTail().read())).toEqual({ promptTokens: 0, completionTokens: 0 });
  });
});
