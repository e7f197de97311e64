import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { didYouMean, nearest } from './nearest.ts';

const verbs = ['get', 'apply', 'deploy', 'delete', 'describe'];

describe('nearest', () => {
  it('finds what fingers meant', () => {
    expect(nearest('deplyo', verbs)).toBe('deploy');
    expect(nearest('aply', verbs)).toBe('apply');
    expect(nearest('teg', verbs)).toBe('get');
    expect(nearest('DELETE', verbs)).toBe('delete');
    expect(didYouMean('gett', verbs)).toBe(' Did you mean "get"?');
  });

  it('suggests nothing rather than something far away', () => {
    expect(nearest('xyzzy', verbs)).toBeUndefined();
    expect(nearest('', verbs)).toBeUndefined();
    expect(nearest('a'.repeat(10_000), ['a'.repeat(10_000)])).toBeUndefined();
    expect(didYouMean('xyzzy', verbs)).toBe('');
  });

  it('always finds a word that is there', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1 }), (words) => {
        expect(nearest(words[0] ?? '', words)?.toLowerCase()).toBe(words[0]?.toLowerCase());
      }),
    );
  });
});
