import { z } from 'zod';

/** Policies that may advise beside the one that decides. */
const shadowPolicies = ['learned', 'predictive', 'hpa', 'kpa', 'keda', 'latency', 'band'] as const;

/** `spec.scaling.shadow`: a second policy, whose advice is noted and compared. */
export const scalingShadow = z
  .strictObject({
    policy: z
      .enum(shadowPolicies)
      .default('learned')
      .describe('Who advises. `learned` was found by search in the simulator.'),
    takesOver: z
      .boolean()
      .default(false)
      .describe(
        'Whether its advice is followed from when it has shown a gain, and for as long as it shows one.',
      ),
    gain: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.02)
      .describe('The share of replica-time it must save, with no more requests late, to take over.'),
    trialMs: z
      .number()
      .int()
      .min(60_000)
      .max(30 * 86_400_000)
      .default(86_400_000)
      .describe('For how long it is watched before it may take over.'),
  })
  .optional()
  .describe('A second policy that advises beside the first: its advice is noted, and may be followed.');

/** What the policy in shadow advised last. */
export const shadowStatus = z
  .strictObject({
    policy: z.string().describe('The policy that advises.'),
    replicas: z.number().int().describe('How many replicas it would have.'),
    leads: z.boolean().describe('Whether its advice is followed.'),
  })
  .optional()
  .describe('What the policy in shadow advised.');
