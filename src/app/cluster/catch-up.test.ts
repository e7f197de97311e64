import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createCatchUp } from './catch-up.ts';

it('looks once for all who ask meanwhile, not too often, and anew for whoever asks once it has begun', async () => {
  const clock = createVirtualClock();
  let looks = 0;
  const catchUp = createCatchUp({
    clock,
    peers: {
      catchUp: async () => {
        looks += 1;
        return Promise.resolve();
      },
    },
  });
  const first = [catchUp(), catchUp(), catchUp()];
  await clock.advance(0);
  await Promise.all(first);
  expect(looks).toBe(1);
  const second = catchUp();
  await clock.advance(19);
  expect(looks).toBe(1);
  await clock.advance(1);
  await second;
  expect(looks).toBe(2);
});

it('gives up on a store that does not answer, and on one that cannot', async () => {
  const clock = createVirtualClock();
  const never = createCatchUp({ clock, peers: { catchUp: () => new Promise(() => undefined) } });
  let over = false;
  void never().then(() => (over = true));
  await clock.advance(999);
  expect(over).toBe(false);
  await clock.advance(1);
  expect(over).toBe(true);
  const refused = createCatchUp({ clock, peers: { catchUp: () => Promise.reject(new Error('away')) } })();
  await clock.advance(0);
  await refused;
});
