import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createRedraw } from './redraw.ts';

it('draws over what was there, also where long lines have been broken', () => {
  const err = new PassThrough();
  let columns = 10;
  const redraw = createRedraw({ err, columns: () => columns });
  const drawn = (text: string): string => {
    redraw(text);
    return String(err.read());
  };
  expect(drawn('0123456789\n\n0123456789A')).toBe('0123456789\n\n0123456789A\n');
  expect(drawn('short')).toBe('\u001B[4A\u001B[0Jshort\n');
  columns = 2;
  expect(drawn('ab')).toBe('\u001B[3A\u001B[0Jab\n');
});
