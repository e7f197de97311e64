import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedPart } from './repeated-part.ts';

describe('repeated part', () => {
  it('is nothing of a text that says each thing once, and nearly all of one that goes round in circles', () => {
    expect(repeatedPart('The capital of France is Paris, and that of Spain is Madrid.')).toBe(0);
    expect(repeatedPart('I am a model. '.repeat(40))).toBeGreaterThan(0.9);
    expect(repeatedPart('你好，我是一個模型。'.repeat(30))).toBeGreaterThan(0.9);
    expect(repeatedPart('')).toBe(0);
  });

  it('stays between 0 and 1, and does not fall when a text is said once more', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const once = repeatedPart(text);
        expect(once).toBeGreaterThanOrEqual(0);
        expect(once).toBeLessThan(1);
        const words = fc.sample(fc.lorem({ maxCount: 12 }), 1)[0] ?? '';
        expect(repeatedPart(`${words} ${words} ${words}`)).toBeGreaterThanOrEqual(repeatedPart(words));
      }),
    );
  });
});
