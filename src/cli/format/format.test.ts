import { describe, expect, it } from 'vitest';
import { durationMsOf } from './parse-duration.ts';
import { facts, table } from './table.ts';
import { ageText, bytesText, durationText, percentText } from './units.ts';

describe('text for people', () => {
  it('measures', () => {
    expect([0, 1023, 1536, 12_000_000, 5e12].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1.5 KiB',
      '11.4 MiB',
      '4.5 TiB',
    ]);
    expect([0, 400, 59_999, 90_000, 3_600_000, 93_784_000].map(durationText)).toEqual([
      '0s',
      '0s',
      '1m',
      '1m 30s',
      '1h',
      '1d 2h',
    ]);
    expect(percentText(0.999)).toBe('99 %');
    expect(ageText(undefined, 0)).toBe('-');
    expect(ageText('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:05Z'))).toBe('5s');
  });

  it('aligns', () => {
    expect(
      table(
        ['A', 'LONG'],
        [
          ['first', ''],
          ['x', 'y'],
        ],
      ),
    ).toBe('A       LONG\nfirst\nx       y');
    const written = [
      ['日本 é', 'x'],
      ['two\nlines \u001B[2J', 'y'],
    ];
    expect(table(['A', 'B'], written).split('\n')).toEqual([
      `A${' '.repeat(16)}B`,
      `日本 é${' '.repeat(11)}x`,
      'two lines  [2J   y',
    ]);
    expect(
      facts([
        ['One', 1],
        ['Other', undefined],
        ['Third', 'x'],
      ]),
    ).toBe('One:   1\nThird: x');
  });

  it('reads durations', () => {
    expect(['30d', '12h', '90m', '45s'].map(durationMsOf)).toEqual([2_592e6, 432e5, 54e5, 45e3]);
    expect(['', '5', 'd', '1w', '-1d'].map(durationMsOf)).toEqual(Array.from({ length: 5 }, () => undefined));
  });
});
