import { z } from 'zod';
import { scalingForecast, scalingSteadiness } from './scaling-forecast.ts';
import { scalingShadow, shadowStatus } from './scaling-shadow.ts';

const durationMs = z.number().int().min(0).max(86_400_000);

export const scalePolicies = ['fixed', 'predictive', 'hpa', 'kpa', 'keda', 'latency', 'band'] as const;

/** `spec.scaling` of a deployment and of a simulated one: how many replicas there should be. */
export const scalingSpec = z.strictObject({
  policy: z
    .enum(scalePolicies)
    .default('predictive')
    .describe(
      '`predictive` looks ahead by the time a start takes; `hpa`, `kpa` and `keda` do as those autoscalers do; `latency` and `band` are plain thresholds; `fixed` keeps `replicas.min`.',
    ),
  target: z
    .number()
    .min(0.05)
    .max(1)
    .optional()
    .describe(
      'Share of its capacity a replica should be busy (`hpa`, `kpa`, `keda`); each has its own default.',
    ),
  metric: z
    .enum(['utilisation', 'load'])
    .default('load')
    .describe(
      'What `hpa` looks at: `utilisation` ends at 1, `load` is what comes, whether it is served or waits.',
    ),
  targetLatencyMs: z
    .number()
    .min(1)
    .max(3_600_000)
    .default(500)
    .describe('Time to the first byte that `latency` aims at.'),
  upAt: z.number().min(0).max(100).default(0.8).describe('`band`: one replica more above this load.'),
  downAt: z.number().min(0).max(100).default(0.3).describe('`band`: one replica less below this load.'),
  attainment: z
    .number()
    .min(0.5)
    .max(0.9999)
    .default(0.99)
    .describe('`predictive`: the share of requests that should be in time; its headroom follows from it.'),
  waitMs: z
    .number()
    .min(1)
    .max(3_600_000)
    .default(1000)
    .describe(
      'A stream that begins later than this is late, and another request that waits longer than this for its place.',
    ),
  scaleDownMs: durationMs
    .default(300_000)
    .describe('`hpa`, `keda`, `latency`: fewer replicas only after so long a time with less load.'),
  cooldownMs: durationMs.default(0).describe('Not fewer replicas within this time after the last change.'),
  stepUpMax: z.number().int().min(1).max(1000).optional().describe('At most so many replicas more at once.'),
  stepDownMax: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('At most so many replicas less at once.'),
  toZeroAfterMs: durationMs
    .optional()
    .describe(
      'No replica at all after so long a time without a request, where `replicas.min` is 0; five minutes when absent.',
    ),
  everyMs: z.number().int().min(100).max(3_600_000).default(10_000).describe('Between two decisions.'),
  coldStartMs: durationMs
    .optional()
    .describe('How long a start takes; measured for each version when absent.'),
  schedule: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
          .min(1)
          .optional()
          .describe('On these days; every day when absent.'),
        from: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
          .describe('From this time of the day, UTC.'),
        to: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
          .describe('Until this time; past midnight when it is earlier than `from`.'),
        min: z.number().int().min(0).max(1000).describe('At least so many replicas in that time.'),
      }),
    )
    .max(32)
    .default([])
    .describe('Times of the day with a minimum of their own.'),
  forecast: scalingForecast,
  steadiness: scalingSteadiness,
  shadow: scalingShadow,
});

/** What was decided last, and why. */
export const scalingStatus = z.strictObject({
  replicas: z.number().int().describe('How many replicas there should be.'),
  since: z.string().describe('Since when; RFC 3339.'),
  policy: z.string().describe('The policy that decided.'),
  reason: z.string().describe('Why, as a short code.'),
  facts: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .optional()
    .describe('The figures behind it. `without…` is what would have been decided without that part.'),
  shadow: shadowStatus,
  at: z.string().describe('When this was noted; RFC 3339.'),
});

export type ScalingStatus = z.infer<typeof scalingStatus>;
export type ScalingSpec = z.infer<typeof scalingSpec>;
