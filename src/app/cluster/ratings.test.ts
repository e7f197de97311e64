import { expect, it } from 'vitest';
import { createDirectory } from '#dispatch';
import type { PresenceFacts } from '#schema';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createRatings } from './ratings.ts';

const answerer = { deployment: 'chat', model: 'chat@2', template: 'two' };

function stage() {
  const clock = createVirtualClock();
  const part = (life: string) => {
    const directory = createDirectory({ headersOf: () => [] });
    const ratings = createRatings({ directory, clock, life, waitMs: 4000, hurry: () => undefined });
    const facts = (): PresenceFacts => ({
      roles: ['gateway'],
      life,
      counted: { loads: {}, evidence: {}, starved: {} },
      ratings: ratings.facts(),
    });
    return { directory, ratings, facts };
  };
  const [asker, knower] = [part('asker'), part('knower')];
  const counters = knower.directory.evidence.of('chat', 'two');
  const { answered } = knower.directory;
  answered.note('default', 'mine', answered.numberOf(answerer));
  const tell = (): void => {
    knower.ratings.hear([asker.facts()]);
    asker.ratings.hear([knower.facts()]);
  };
  return { clock, asker, knower, counters, tell };
}

const rating = { tenant: 'default', requestId: 'mine', isBad: true };

it('counts a rating once where the answer was given, and tells who gave it', async () => {
  const { asker, knower, counters, tell } = stage();
  const [first, again] = [asker.ratings.pass(rating), asker.ratings.pass(rating)];
  for (let round = 0; round < 3; round += 1) tell();
  expect(await first).toEqual({ deployment: 'chat', model: 'chat@2' });
  expect(await again).toEqual({ deployment: 'chat', model: 'chat@2' });
  expect(counters.counts.feedback).toEqual({ requests: 1, bad: 1 });
  expect(asker.facts().ratings).toEqual({ asked: [], told: {} });
  expect(knower.facts().ratings).toEqual({ asked: [], told: {} });
});

it('answers that nobody knows after a while, to another tenant too, and at once when too many wait', async () => {
  const { clock, asker, counters, tell } = stage();
  const foreign = asker.ratings.pass({ ...rating, tenant: 'other' });
  tell();
  await clock.advance(4000);
  expect(await foreign).toBeUndefined();
  for (let at = 0; at < 256; at += 1) void asker.ratings.pass({ ...rating, requestId: `unknown-${at}` });
  expect(await asker.ratings.pass(rating)).toBeUndefined();
  expect(counters.counts.feedback.requests).toBe(0);
});
