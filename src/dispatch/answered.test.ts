import { describe, expect, it } from 'vitest';
import { createAnsweredBook } from './answered.ts';

const old = { deployment: 'chat', model: 'chat@1', template: 't1' };
const young = { deployment: 'chat', model: 'chat@2', template: 't2' };

describe('who answered', () => {
  it('is known by the request, to the tenant whose it was alone', () => {
    const book = createAnsweredBook();
    book.note('acme', 'req_1', book.numberOf(old));
    book.note('acme', 'req_2', book.numberOf(young));
    expect(book.find('acme', 'req_1')).toEqual(old);
    expect(book.find('acme', 'req_2')).toEqual(young);
    expect(book.find('other', 'req_1')).toBeUndefined();
    expect(book.find('acme', 'req_3')).toBeUndefined();
    expect(book.numberOf({ ...old })).toBe(book.numberOf(old));
  });

  it('counts one word about each answer', () => {
    const book = createAnsweredBook();
    book.note('acme', 'req_1', book.numberOf(old));
    expect([1, 2].map(() => book.markRated('acme', 'req_1'))).toEqual([true, false]);
    expect(book.markRated('acme', 'req_9')).toBe(false);
    // The same name again is another request.
    book.note('acme', 'req_1', book.numberOf(young));
    expect(book.markRated('acme', 'req_1')).toBe(true);
  });

  it('is remembered of the last answers, and taken for no other', () => {
    const book = createAnsweredBook();
    const number = book.numberOf(old);
    for (let at = 0; at < 300_000; at += 1) book.note('acme', `req_${at.toString(36)}`, number);
    const found = (from: number) =>
      Array.from({ length: 1000 }, (_, at) => book.find('acme', `req_${(from + at).toString(36)}`)).filter(
        (one) => one !== undefined,
      ).length;
    expect(found(299_000)).toBeGreaterThan(950);
    expect(found(10_000_000)).toBe(0);
  });
});
