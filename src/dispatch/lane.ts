import { createFairOrder, workLimit } from '#policies';
import { createChoosing } from './choosing.ts';
import { createExpectation } from './expectation.ts';
import { createGathering } from './gathering.ts';
import type { Lane } from './job.ts';
import { createMending } from './mending.ts';
import { createTally } from './tally.ts';
import { createTraffic } from './traffic.ts';

export function createLane({ key, deployment }: Pick<Lane, 'key' | 'deployment'>): Lane {
  return {
    key,
    deployment,
    order: createFairOrder(),
    running: 0,
    pumping: false,
    stopTimer: undefined,
    choosing: createChoosing(),
    mending: createMending(),
    admitting: workLimit.begin(),
    expectation: createExpectation(),
    gathering: createGathering(),
    tally: createTally(),
    traffic: createTraffic(),
  };
}
