import { describe, expect, it } from 'vitest';
import { momentOf } from './moment.ts';

describe('a time that somebody wrote', () => {
  it.each([
    ['2026-11-20T10:00Z', Date.UTC(2026, 10, 20, 10)],
    ['2026-11-20T10:00:30.250+01:00', Date.UTC(2026, 10, 20, 9, 0, 30, 250)],
    ['2026-11-20', Date.UTC(2026, 10, 20)],
  ])('%s is one', (text, ms) => {
    expect(momentOf(text)).toBe(ms);
  });

  it.each(['', '5', 'release 2', 'yesterday 5', '2026-13-01', '2026-11-20 10:00', '2026-11-20T25:00Z'])(
    '"%s" is none',
    (text) => {
      expect(momentOf(text)).toBeUndefined();
    },
  );
});
