import { z } from 'zod';

const share = z.number().min(0).max(1);

export const resilience = z
  .strictObject({
    retries: z
      .strictObject({
        attemptsMax: z
          .number()
          .int()
          .min(1)
          .max(10)
          .default(3)
          .describe('Attempts one request may make, the first one included.'),
        share: share
          .default(0.1)
          .describe('Retries for each request, over all of them. A few are always free.'),
        repeat: z
          .enum(['never', 'idempotent', 'always'])
          .default('idempotent')
          .describe(
            'Which work may be done twice: none, that of embeddings and other tensors, or also that of answers that are written. Work that no replica has begun may always be tried again.',
          ),
      })
      .prefault({})
      .describe('Trying again on another replica, as long as the caller has heard nothing.'),
    hedging: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .describe(
            'Whether requests that may be done twice are sent to a second replica when they are slow.',
          ),
        share: share.default(0.02).describe('Second calls for each request, over all of them.'),
      })
      .prefault({})
      .describe('A second call for a request that takes longer than 95 of 100; the first answer counts.'),
    ejection: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('Whether replicas that fail more than others are passed over.'),
        failuresInARow: z
          .number()
          .int()
          .min(1)
          .max(1000)
          .default(5)
          .describe('Failures in a row after which a replica is passed over.'),
        baseMs: z
          .number()
          .int()
          .min(100)
          .max(300_000)
          .default(10_000)
          .describe('For how long at first; each time so much longer, up to five minutes.'),
      })
      .prefault({})
      .describe(
        'Passing over replicas that answer worse than the others: at most a third of them, one of two.',
      ),
  })
  .prefault({})
  .describe('What happens when replicas fail or are slow.');
