import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageReader, type Usage } from './usage.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What is read from an answer that comes in these pieces, each of which is overwritten before the next. */
function usageOf(...pieces: readonly string[]): Usage {
  const reader = new UsageReader();
  for (const piece of pieces) {
    const lent = bytes(piece);
    reader.push(lent);
    lent.fill(0x7d);
  }
  return reader.usage;
}

const zero = { promptTokens: 0, completionTokens: 0 };
const event = 'data: {"choices":[{"delta":{"content":"hi"}}],"usage":null}\n\n';

function told(count: number): string {
  return `data: {"usage":{"prompt_tokens":3,"completion_tokens":${count}}}\n\n`;
}

describe('reading what a request cost from its answer', () => {
  it('finds the counts of a plain answer', () => {
    const body =
      '{"choices":[{"text":"x"}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}';
    expect(usageOf(body)).toEqual({ promptTokens: 12, completionTokens: 34 });
  });

  it('finds them wherever the answer was cut', () => {
    const end =
      'data: {"choices":[],"usage": {"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":4},' +
      '"completion_tokens":17}}\n\ndata: [DONE]\n\n';
    fc.assert(
      fc.property(fc.array(fc.nat(end.length), { maxLength: 6 }), fc.nat(60), (at, before) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), end.length];
        const pieces = edges.slice(1).map((to, index) => end.slice(edges[index], to));
        const seen = usageOf(event.repeat(before), ...pieces);
        expect(seen).toEqual({ promptTokens: 5, completionTokens: 17 });
      }),
    );
  });

  it('takes the last of those that a stream tells', () => {
    expect(usageOf(told(1), told(2), told(3) + event, event)).toEqual({
      promptTokens: 3,
      completionTokens: 3,
    });
  });

  it('is zero where nothing was told', () => {
    expect(usageOf('{"choices":[]}')).toEqual(zero);
    expect(usageOf()).toEqual(zero);
    expect(usageOf(event, 'data: {"text":"\\"usage\\":{\\"prompt_tokens\\":9}"}\n\n')).toEqual(zero);
  });

  it('holds no more of an answer than a usage can be long, whatever it says', () => {
    const reader = new UsageReader();
    reader.push(bytes('{"usage":{'));
    for (let count = 0; count < 100; count += 1) reader.push(bytes('{'.repeat(1000)));
    reader.push(bytes('"usage":{"prompt_tokens":1,"completion_tokens":2}'));
    expect(reader.usage).toEqual({ promptTokens: 1, completionTokens: 2 });
  });
});
