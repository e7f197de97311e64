import { z } from 'zod';
import { resourceName } from './metadata.ts';
import { releaseGatesSpec, releaseScorer, releaseShadow } from './release-gates.ts';
import { releaseShares } from './release-shares.ts';
import { urls } from './urls.ts';

export const releaseStrategies = ['canary', 'ab', 'blue-green', 'shadow'] as const;

/** A new version put beside the one that serves, and tried on a part of the requests. */
export const releaseSpec = z.strictObject({
  deployment: resourceName.describe('The Deployment whose version is to change.'),
  version: z.string().min(1).describe('The version to change to, of the same model.'),
  engine: z
    .strictObject({
      name: z.string().min(1).describe('What runs it.'),
      options: z.record(z.string(), z.unknown()).default({}).describe('Options of that engine.'),
      urls,
    })
    .optional()
    .describe("What runs the new version; the deployment's engine when absent."),
  strategy: z
    .enum(releaseStrategies)
    .default('canary')
    .describe(
      '`canary`: a growing share, as long as nothing speaks against it. `ab`: one share until the verdict. `blue-green`: all at once when the new one is warm, without a comparison; the old one stays warm for `rollbackWindowMs`. `shadow`: the new version is asked copies of requests, and only the old one answers.',
    ),
  steps: z
    .array(z.number().gt(0).max(100))
    .min(1)
    .max(20)
    .optional()
    .describe(
      'Shares in percent, one after the other; the last is 100. `[5, 25, 100]` for `canary`, `[50, 100]` for `ab` when absent.',
    ),
  sticky: z
    .enum(['session', 'user', 'key', 'request'])
    .default('session')
    .describe(
      'What stays with one version: `session` (`x-session-id`, else `user`; requests without either are drawn singly), `user` (the field `user` of requests), `key` (all requests of one API key) or `request` (nothing).',
    ),
  stepMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(300_000)
    .describe('How long a step lasts at least.'),
  samplesMin: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(100)
    .describe('Requests that the new version must have answered in a step, at least.'),
  rollbackWindowMs: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(600_000)
    .describe('How long the old version stays warm after all requests go to the new one.'),
  alpha: z
    .number()
    .min(1e-9)
    .max(0.5)
    .default(0.001)
    .describe('Chance that a harmless version is rolled back: over all gates, steps and looks.'),
  beta: z
    .number()
    .min(1e-9)
    .max(0.5)
    .default(0.05)
    .describe('Chance that a version is promoted although it is worse than the bounds allow.'),
  gates: releaseGatesSpec,
  scorer: releaseScorer,
  shadow: releaseShadow,
  verdict: z
    .enum(['promote', 'roll-back'])
    .optional()
    .describe("A person's verdict: it is followed at once, whatever the evidence says."),
});

export const releaseStates = [
  'pending',
  'warming',
  'comparing',
  'settling',
  'promoted',
  'rolled-back',
  'failed',
] as const;

const seen = z.strictObject({
  requests: z.number().describe('Requests.'),
  bad: z.number().describe('Those that were bad.'),
});

const finding = z.strictObject({
  name: z.string().describe('The gate.'),
  evidence: z.number().describe('How much likelier what was seen is if the candidate does harm.'),
  ratioBound: z
    .number()
    .optional()
    .describe('It is at most so many times as bad; absent while nobody knows.'),
  riseBound: z.number().describe('Bad requests are at most this part of all more frequent.'),
  passes: z.boolean().describe('Whether the bounds are as wanted.'),
  candidate: seen.describe('The new version.'),
  stable: seen.describe('The old one.'),
});

const running = z.strictObject({
  version: z.string().describe('The version.'),
  engine: z
    .strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()), urls })
    .describe('Engine and options.'),
});

const alike = z.strictObject({
  copied: z.number().describe('Requests that both versions have answered.'),
  fixed: z
    .number()
    .describe('Of those, requests whose answer should always be the same: temperature 0, or embeddings.'),
  equal: z.number().describe('Of those, answers that were equal.'),
});

export const releaseStatus = z.strictObject({
  state: z.enum(releaseStates).describe('Requests go to the candidate in `comparing` and `settling` only.'),
  since: z.string().describe('When it came into this state; RFC 3339.'),
  step: z.number().int().describe('Which of the steps is being taken, from 0.'),
  stepSince: z.string().describe('When this step began; RFC 3339.'),
  message: z.string().optional().describe('The verdict, or what it waits for.'),
  stable: running
    .optional()
    .describe('What served when the release began, and serves again after a rollback.'),
  split: z
    .strictObject({
      candidate: z.string().describe('The template of the replicas of the new version.'),
      stable: z.string().describe('That of the old version.'),
      share: z.number().min(0).max(1).describe('The part of the requests that goes to the new version.'),
      copied: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          'The part of the requests that the new version is asked as well, its answers being discarded.',
        ),
    })
    .optional()
    .describe(
      'How gateways divide requests; they keep the last one they heard of. Gone when there is one version again.',
    ),
  shares: releaseShares,
  evidence: z.number().optional().describe('For harm, all gates together; at 1/`alpha` it is rolled back.'),
  samples: z.number().optional().describe('Requests of the candidate in this step.'),
  gates: z.array(finding).optional().describe('What each gate has found.'),
  alike: alike.optional().describe('Of a shadow: how its answers compare with those that were given.'),
  memory: z.unknown().optional().describe('What a restarted platform goes on from.'),
});

export type ReleaseState = (typeof releaseStates)[number];
export type ReleaseSpec = z.infer<typeof releaseSpec>;
export type ReleaseStatus = z.infer<typeof releaseStatus>;

export const releaseEvents = [
  'begun',
  'warmed',
  'step-passed',
  'passed',
  'harm-found',
  'revoked',
  'not-warmed',
  'displaced',
  'window-over',
] as const;
export type ReleaseEvent = (typeof releaseEvents)[number];

type Next = ReleaseState | 'ignore' | 'forbidden';

const over: Readonly<Record<ReleaseEvent, Next>> = {
  begun: 'forbidden',
  warmed: 'forbidden',
  'step-passed': 'forbidden',
  passed: 'forbidden',
  'harm-found': 'ignore',
  revoked: 'ignore',
  'not-warmed': 'ignore',
  displaced: 'ignore',
  'window-over': 'ignore',
};

/**
 * The life of a release, as a total table.
 * I1: the candidate serves in `comparing` and `settling` only. I2: `promoted` comes after `settling` alone.
 * I3: from every state that is not the end, `revoked` leads to `rolled-back` at once. I4: ends are never left.
 */
export const releaseLifecycle: Readonly<Record<ReleaseState, Readonly<Record<ReleaseEvent, Next>>>> = {
  pending: {
    ...over,
    begun: 'warming',
    revoked: 'rolled-back',
    displaced: 'failed',
  },
  warming: {
    ...over,
    warmed: 'comparing',
    passed: 'settling',
    revoked: 'rolled-back',
    'not-warmed': 'rolled-back',
    displaced: 'failed',
  },
  comparing: {
    ...over,
    'step-passed': 'comparing',
    passed: 'settling',
    'harm-found': 'rolled-back',
    revoked: 'rolled-back',
    'not-warmed': 'rolled-back',
    displaced: 'failed',
  },
  settling: {
    ...over,
    revoked: 'rolled-back',
    displaced: 'promoted',
    'window-over': 'promoted',
  },
  promoted: over,
  'rolled-back': over,
  failed: over,
};

export function isReleaseOver(state: ReleaseState): boolean {
  return state === 'promoted' || state === 'rolled-back' || state === 'failed';
}

/** The shares of a release, as parts of 1. A blue-green one is warm first and then takes everything; a shadow has none. */
export function releaseSteps({ strategy, steps }: ReleaseSpec): readonly number[] {
  if (strategy === 'blue-green') return [1];
  if (strategy === 'shadow') return [0, 1];
  return (steps ?? (strategy === 'ab' ? [50, 100] : [5, 25, 100])).map((percent) => percent / 100);
}
