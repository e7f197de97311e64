import { describe, expect, it } from 'vitest';
import {
  isReleaseOver,
  releaseEvents,
  releaseLifecycle,
  releaseSpec,
  releaseStates,
  releaseSteps,
} from './release.ts';

const nextOf = (state: (typeof releaseStates)[number]) =>
  releaseEvents.map((event) => releaseLifecycle[state][event]);

describe('the life of a release', () => {
  it('answers every event in every state', () => {
    for (const state of releaseStates) expect(nextOf(state).every((next) => next !== undefined)).toBe(true);
  });

  it('is promoted after settling alone (I2)', () => {
    const before = releaseStates.filter((state) => nextOf(state).includes('promoted'));
    expect(before).toEqual(['settling']);
  });

  it('can be revoked at once until its end, which is never left (I3, I4)', () => {
    const ends = releaseStates.filter(isReleaseOver);
    const others = releaseStates.filter((state) => !isReleaseOver(state));
    expect(others.map((state) => releaseLifecycle[state].revoked)).toEqual(others.map(() => 'rolled-back'));
    expect(new Set(ends.flatMap(nextOf))).toEqual(new Set(['forbidden', 'ignore']));
  });

  it('has the usual steps where none are named', () => {
    const spec = { deployment: 'chat', version: '2' };
    expect(releaseSteps(releaseSpec.parse(spec))).toEqual([0.05, 0.25, 1]);
    expect(releaseSteps(releaseSpec.parse({ ...spec, strategy: 'ab' }))).toEqual([0.5, 1]);
    expect(releaseSteps(releaseSpec.parse({ ...spec, strategy: 'blue-green', steps: [5, 100] }))).toEqual([
      1,
    ]);
  });
});
