import { describe, expect, it } from 'vitest';
import { createRounds } from './rounds.ts';

interface Step {
  readonly run: () => Promise<string>;
  /** Ends it. */
  readonly end: () => void;
}

/** A step that notes its beginning and ends when told to. */
function step(name: string, begun: string[]): Step {
  const ends: (() => void)[] = [];
  return {
    run: () => {
      begun.push(name);
      return new Promise((resolve) => ends.push(() => resolve(name)));
    },
    end: () => ends.pop()?.(),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('rounds', () => {
  it('begin when every step of the one before has ended, by rank', async () => {
    const rounds = createRounds();
    const begun: string[] = [];
    const [low, high] = [rounds.join(0), rounds.join(1)];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => step(name, begun));
    if (!a || !b || !c || !d) throw new Error('four steps');
    void high.run(a.run);
    void low.run(b.run);
    await turn();
    expect(begun).toEqual(['b', 'a']);
    b.end();
    void low.run(c.run);
    await turn();
    expect(begun).toEqual(['b', 'a']);
    a.end();
    void high.run(d.run);
    await turn();
    expect(begun).toEqual(['b', 'a', 'c', 'd']);
  });

  it('go on after a step that failed', async () => {
    const rounds = createRounds();
    const [one, other] = [rounds.join(0), rounds.join(1)];
    await expect(one.run(() => Promise.reject(new RangeError('broken')))).rejects.toThrow('broken');
    await expect(other.run(() => Promise.resolve(5))).resolves.toBe(5);
  });

  it('do not make one who is alone wait', async () => {
    const rounds = createRounds();
    rounds.join(0).leave();
    const begun: string[] = [];
    const only = step('only', begun);
    const done = rounds.join(1).run(only.run);
    expect(begun).toEqual(['only']);
    only.end();
    expect(await done).toBe('only');
  });
});
