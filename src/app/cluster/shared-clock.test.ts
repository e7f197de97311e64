import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createSharedClock } from './shared-clock.ts';

it('goes by the time of the record, whatever the own wall clock says', async () => {
  const own = createVirtualClock();
  const startMs = own.nowMs();
  let wallMs = 0;
  let aheadMs = 5000;
  const shared = createSharedClock({ ...own, nowMs: () => own.nowMs() + wallMs });
  expect(shared.clock.nowMs()).toBe(startMs);
  const stop = await shared.follow({ nowMs: async () => own.nowMs() + aheadMs });
  expect(shared.clock.nowMs()).toBe(startMs + 5000);
  wallMs = -3_600_000;
  await own.advance(1000);
  expect(shared.clock.nowMs()).toBe(startMs + 6000);
  // The record's own clock is set right: followed within ten seconds.
  aheadMs = 0;
  await own.advance(10_000);
  expect(shared.clock.nowMs()).toBe(own.nowMs());
  stop();
  aheadMs = 7000;
  await own.advance(60_000);
  expect(shared.clock.nowMs()).toBe(own.nowMs());
});
