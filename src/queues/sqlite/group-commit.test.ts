import { expect, it } from 'vitest';
import { problem, ProblemError, problemOf } from '#schema';
import { createGroupCommit } from './group-commit.ts';

function createLedger(syncs: () => Promise<void> = async () => Promise.resolve()) {
  const written: string[] = [];
  const group = createGroupCommit({
    atomically(work) {
      const before = written.length;
      try {
        work();
      } catch (fault) {
        written.splice(before);
        throw fault;
      }
    },
    sync: syncs,
    problemOf: (fault) => new ProblemError(problemOf(fault)),
  });
  const put = (text: string) =>
    group.write(() => {
      if (text === 'bad') throw new TypeError('It does not fit.');
      if (text === 'full') throw new ProblemError(problem('storage_full'));
      written.push(text);
      return text;
    });
  return { written, put };
}

it('a write at fault takes none of those with it that it stands beside', async () => {
  const { written, put } = createLedger();
  const done = await Promise.allSettled(['a', 'bad', 'b', 'c'].map(put));
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(written).toEqual(['a', 'b', 'c']);
});

it('what may not be on disk is not written twice', async () => {
  const { written, put } = createLedger(async () => Promise.reject(new Error('EIO')));
  const done = await Promise.allSettled(['a', 'b'].map(put));
  expect(done.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(written).toEqual(['a', 'b']);
});
