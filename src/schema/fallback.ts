import { z } from 'zod';
import { resourceName } from './metadata.ts';

/** How an attempt may fail to give an answer; what the caller did wrong is none of these. */
export const attemptFailures = ['error', 'timeout', 'overload'] as const;
export type AttemptFailure = (typeof attemptFailures)[number];

const fallback = z
  .strictObject({
    deployment: resourceName.describe('The Deployment to ask instead.'),
    on: z
      .array(z.enum(attemptFailures))
      .min(1)
      .default([...attemptFailures])
      .describe(
        'When: `error` (no replica, or it failed), `timeout` (no answer began in time), `overload` (429 or 503).',
      ),
    afterMs: z
      .number()
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe(
        'With `timeout`: how long the answer of the one before may take to begin. When absent, only `holdMs` of a loading model counts.',
      ),
  })
  .refine((one) => one.afterMs === undefined || one.on.includes('timeout'), {
    path: ['afterMs'],
    message: '"afterMs" needs "timeout" in "on"',
  });

/**
 * Deployments that answer instead, in this order, as long as nothing was sent to the client. Only the list of the
 * deployment that was asked counts, so chains end and cannot loop.
 */
export const fallbacks = z
  .array(fallback)
  .max(8)
  .refine((chain) => new Set(chain.map((one) => one.deployment)).size === chain.length, {
    message: 'each deployment may stand in it once',
  })
  .default([])
  .describe('Deployments that answer instead when this one does not; see the guide on fallbacks.');

export type Fallback = z.infer<typeof fallback>;
