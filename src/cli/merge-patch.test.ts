import { describe, expect, it } from 'vitest';
import { mergePatchBetween } from './merge-patch.ts';

describe('mergePatchBetween', () => {
  it('says only what is different', () => {
    const before = { a: 1, b: { c: 2, d: [1] }, e: 'x' };
    expect(mergePatchBetween(before, structuredClone(before))).toBeUndefined();
    expect(mergePatchBetween(before, { a: 1, b: { c: 3, d: [1] }, e: 'x' })).toEqual({ b: { c: 3 } });
    expect(mergePatchBetween(before, { a: 1, b: { d: [1, 2] }, f: 0 })).toEqual({
      b: { c: null, d: [1, 2] },
      e: null,
      f: 0,
    });
  });
});
