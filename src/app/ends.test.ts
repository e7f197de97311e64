import { describe, expect, it } from 'vitest';
import { createEnds } from './ends.ts';

describe('ends', () => {
  it('come in reverse, once, and none is kept from ending by another that fails', async () => {
    const ends = createEnds();
    const done: string[] = [];
    ends.add('first', () => done.push('first'));
    ends.add('second', () => {
      throw new Error('full');
    });
    ends.add('third', async () => {
      await Promise.resolve();
      done.push('third');
    });
    expect(await ends.run()).toMatchObject([{ what: 'second', fault: { message: 'full' } }]);
    expect(await ends.run()).toEqual([]);
    expect(done).toEqual(['third', 'first']);
  });
});
