import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scan } from './scan.ts';

function scanText(text: string): string | undefined {
  return scan(Buffer.from(text))?.model;
}

describe('scanning a request body for its model', () => {
  it('agrees with the parser on every JSON object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.constantFrom(0, 2, '\t'),
        (rest, model, indent) => {
          const body = { ...rest, model, after: rest };
          expect(scanText(JSON.stringify(body, null, indent))).toBe(model);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => scan(Buffer.from(bytes))).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('survives any cut and any flipped byte of a good body', () => {
    const body = Buffer.from(
      '{"messages":[{"role":"user","content":"a \\"b\\" [c] {d}"}],"model":"demo","n":1.5e3}',
    );
    for (let at = 0; at < body.length; at++) {
      scan(body.subarray(0, at));
      const flipped = Buffer.from(body);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      scan(flipped);
    }
    expect(scan(body)?.model).toBe('demo');
  });

  it('takes the last of equal names, as parsers do', () => {
    expect(scanText('{"model":"a","model":"b"}')).toBe('b');
  });

  it('is not fooled by a model inside a message, nor by an escaped name', () => {
    expect(scanText('{"messages":[{"model":"inner"}],"model":"outer"}')).toBe('outer');
    expect(scanText('{"x":"\\"model\\":\\"no\\"","model":"yes"}')).toBe('yes');
    expect(scanText(String.raw`{"mod\u0065l":"escaped"}`)).toBe('escaped');
  });

  it('finds no model where there is none or it is no string', () => {
    expect(scanText('{}')).toBeUndefined();
    expect(scanText('{"model":42}')).toBeUndefined();
    expect(scanText('["model","x"]')).toBeUndefined();
    expect(scanText('')).toBeUndefined();
  });

  it('reads what the request path decides on, as the parser would', () => {
    const count = fc.oneof(fc.nat(100_000), fc.constant(undefined));
    fc.assert(
      fc.property(
        fc.record({
          messages: fc.jsonValue(),
          stream: fc.boolean(),
          max_tokens: count,
          n: count,
          user: fc.string(),
        }),
        fc.constantFrom(0, 3),
        (given, indent) => {
          const body = Buffer.from(JSON.stringify({ model: 'm', ...given }, null, indent));
          const found = scan(body);
          expect(found).toMatchObject({
            stream: given.stream,
            maxTokens: given.max_tokens,
            answers: Math.max(1, given.n ?? 1),
            user: given.user.slice(0, 256),
          });
          const prompt = body.toString('utf8', found?.promptFrom, found?.promptTo);
          expect(JSON.parse(prompt)).toEqual(JSON.parse(JSON.stringify(given.messages)));
        },
      ),
    );
  });
});
