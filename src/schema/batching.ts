import { z } from 'zod';

export const batching = z
  .strictObject({
    maxSize: z
      .number()
      .int()
      .min(1)
      .max(65_536)
      .optional()
      .describe(
        'Requests that are sent to a replica together at most, to be run as one; 1 sends each alone. The engine knows its own when absent; engines that batch by themselves are never sent more than one.',
      ),
    windowMs: z
      .number()
      .min(0)
      .max(60_000)
      .optional()
      .describe(
        'How long a request waits for others to join, unless the batch is full before. When absent it waits only where that pays and only as long as `limits.objectiveMs` allows; without an objective not at all.',
      ),
  })
  .prefault({})
  .describe('How requests are put together, for engines that take batches.');
