import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { askOf, createVersionStage, release, replica } from '../../test/world/version-stage.ts';
import type { Ask } from './ask.ts';
import { goesToCandidate, type Split } from './split.ts';

const split: Split = { candidate: 'chat#candidate', share: 0.25, sticky: 'session', salt: 'chat-2' };
const never = () => {
  throw new Error('what is sticky is not drawn by chance');
};

describe('the split of requests', () => {
  it('gives about its share to the candidate, by session, by key, or by chance', () => {
    const count = 4000;
    const part = (of: Split, ask: (at: number) => Ask, chance: () => number) =>
      Array.from({ length: count }, (_, at) => goesToCandidate(of, ask(at), chance)).filter(Boolean).length /
      count;
    const rng = createSeededRng();
    expect(part(split, (at) => askOf({ session: `s${at}` }), never)).toBeCloseTo(0.25, 1);
    const byUser = { ...split, sticky: 'user' } as const;
    expect(part(byUser, (at) => askOf({ user: `u${at}`, session: 's' }), never)).toBeCloseTo(0.25, 1);
    const [one, other] = ['a', 'b'].map((session) =>
      goesToCandidate(byUser, askOf({ user: 'u', session }), never),
    );
    expect(one).toBe(other);
    expect(part({ ...split, sticky: 'key' }, (at) => askOf({ key: `k${at}` }), never)).toBeCloseTo(0.25, 1);
    expect(
      part(
        split,
        () => askOf(),
        () => rng.next(),
      ),
    ).toBeCloseTo(0.25, 1);
  });

  it('moves nobody back when the share grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(share, share), ([session, salt], shares) => {
        const goes = (part: number) =>
          goesToCandidate({ ...split, salt, share: part }, askOf({ session }), never);
        expect(!goes(Math.min(...shares)) || goes(Math.max(...shares))).toBe(true);
      }),
    );
  });
});

/** Sessions that are drawn for the candidate at any share, and at none. */
const [early = '', late = ''] = [0.01, 0.99].map((share) =>
  Array.from({ length: 2000 }, (_, at) => `s${at}`).find((session) => {
    const goes = goesToCandidate({ ...split, salt: 'chat-2/tiny@2', share }, askOf({ session }), never);
    return share < 0.5 ? goes : !goes;
  }),
);

describe('two versions of a deployment', () => {
  it('serve as the release says, from the next request on', () => {
    const stage = createVersionStage();
    const answer = () => stage.transport.calls.at(-1)?.answer({});
    stage.put(release(0));
    for (const session of [early, late]) {
      stage.ask({ session });
      answer();
    }
    stage.put(release(0.5));
    for (const session of [early, late]) {
      stage.ask({ session });
      answer();
    }
    stage.put(release(1));
    stage.ask({ session: late });
    answer();
    expect(stage.sentTo()).toEqual(['unix:/old', 'unix:/old', 'unix:/new', 'unix:/old', 'unix:/new']);
  });

  it('can be asked for by version while both serve, and no longer when one is rolled back', () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    stage.ask({ model: 'tiny@2', session: late });
    stage.ask({ model: 'tiny@1', session: early });
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old']);
    stage.put(release(0));
    stage.ask({ model: 'tiny@2' });
    expect(stage.problems).toEqual(['model_not_found']);
    stage.put(release(1));
    stage.ask({ model: 'tiny@1' });
    expect(stage.problems).toEqual(['model_not_found', 'model_not_found']);
  });

  it('sends nothing to a version after its rollback, also not what already waits for it', () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    stage.ask({ session: early });
    stage.ask({ session: early });
    expect(stage.sentTo()).toEqual(['unix:/new']);
    stage.put(release(0));
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old']);
    stage.transport.calls[0]?.answer({});
    stage.ask({ session: early });
    stage.transport.calls[1]?.answer({});
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old', 'unix:/old']);
    expect(stage.problems).toEqual([]);
  });

  it('keep to the deadline of what waits for the other one after a rollback', async () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    for (const session of [early, late]) stage.ask({ session });
    stage.ask({ session: early, deadlineMs: 1000 });
    await stage.clock.advance(900);
    stage.put(release(0));
    await stage.clock.advance(99);
    expect(stage.problems).toEqual([]);
    await stage.clock.advance(2);
    expect(stage.problems).toEqual(['deadline_exceeded']);
  });

  it('are one load for whoever counts their replicas', () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    for (const session of [early, late, late]) stage.ask({ session });
    expect(stage.loads.read('chat')).toMatchObject({ inside: 3, waiting: 1, places: 1 });
    expect(stage.loads.of('chat')).toMatchObject({ inFlight: 3, waiting: 1, ready: 2, wanted: 1 });
    expect(stage.loads.of('chat')?.utilisation).toBe(1);
    expect(stage.loads.all().map(({ deployment }) => deployment)).toEqual(['chat']);
    expect(stage.loads.of('other')).toBeUndefined();
  });

  it('fall back to the old one while the new one has no replica', () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    stage.directory.apply({ type: 'deleted', resource: replica('new', '2') });
    stage.ask({ session: early });
    expect(stage.sentTo()).toEqual(['unix:/old']);
  });

  it('are counted apart while they are compared', () => {
    const stage = createVersionStage();
    stage.put(release(0.5));
    stage.ask({ session: early });
    stage.transport.calls[0]?.answer({ status: 500 });
    stage.ask({ session: late });
    stage.transport.calls[1]?.answer({}, new TextEncoder().encode('twelve bytes'));
    stage.ask({ session: late }).cancel();
    expect(stage.directory.evidence.read('chat', 't2')).toMatchObject({
      counts: { errors: { requests: 1, bad: 1 } },
    });
    const old = stage.directory.evidence.read('chat', 't1');
    expect(old).toMatchObject({ counts: { errors: { requests: 1, bad: 0 } } });
    expect(old?.values.answerBytes.reduce((sum, count) => sum + count, 0)).toBe(1);
    stage.put(release(undefined));
    expect(stage.directory.evidence.read('chat', 't1')).toBeUndefined();
  });
});
