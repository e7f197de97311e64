import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPatience, noteLeft, noteStay, patienceMs } from './patience.ts';

const waits = fc.double({ min: 0, max: 1e6, noNaN: true });

describe('the patience of callers', () => {
  it('is the time after which most have left', () => {
    const patience = createPatience();
    for (let n = 0; n < 40; n++) {
      noteStay(patience, 100);
      noteLeft(patience, 1000);
    }
    expect(patienceMs(patience)).toBeCloseTo(1000);
  });

  it('is not that of the few who leave at once', () => {
    const patience = createPatience();
    for (let n = 0; n < 200; n++) {
      if (n % 3 === 0) noteLeft(patience, 5);
      else noteStay(patience, 3000);
    }
    expect(patienceMs(patience)).toBe(Infinity);
  });

  it('is forgotten when nobody waits so long any more', () => {
    const patience = createPatience();
    for (let n = 0; n < 40; n++) noteLeft(patience, 1000);
    expect(patienceMs(patience)).toBeLessThan(Infinity);
    for (let n = 0; n < 120; n++) noteStay(patience, 100);
    expect(patienceMs(patience)).toBe(Infinity);
  });

  it('has no end as long as no more than a third leaves before the others have their turn', () => {
    // In turn, so that forgetting never leaves more of those who left than of the others.
    const rounds = fc.array(fc.tuple(waits, fc.nat(3)), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(rounds, (list) => {
        const patience = createPatience();
        const longest = Math.max(...list.map(([wait]) => wait));
        for (const [wait, more] of list) {
          noteLeft(patience, wait);
          for (let n = 0; n < 2 + more; n++) noteStay(patience, longest);
          expect(patienceMs(patience)).toBe(Infinity);
        }
      }),
    );
  });

  it('is never longer than the longest wait of one who left', () => {
    const ends = fc.array(fc.tuple(waits, fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(ends, (list) => {
        const patience = createPatience();
        for (const [wait, leaves] of list) (leaves ? noteLeft : noteStay)(patience, wait);
        const found = patienceMs(patience);
        const left = list.filter(([, leaves]) => leaves).map(([wait]) => wait);
        expect(found === Infinity || found <= Math.max(...left) * (1 + 1e-9)).toBe(true);
      }),
    );
  });
});
