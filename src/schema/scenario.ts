import { z } from 'zod';
import { resourceName } from './metadata.ts';
import { resilience } from './resilience.ts';
import { scenarioHardware } from './scenario-hardware.ts';
import { workloadSpec } from './scenario-workload.ts';
import { scalingFault } from './scaling-fault.ts';
import { scalingSpec } from './scaling.ts';

const positive = z.number().positive().max(1e9);
const seconds = z.number().min(0).max(10_000_000);

const engineSpec = z
  .strictObject({
    stepMs: z.number().min(0).max(60_000).default(8).describe('Fixed part of a step: reading the weights.'),
    prefillTokensPerS: positive.default(8000).describe('Prompt tokens read per second.'),
    sequenceMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(0.05)
      .describe('For each sequence that decodes in a step.'),
    contextMsPer1000: z
      .number()
      .min(0)
      .max(60_000)
      .default(0.02)
      .describe('For each 1,000 tokens that the sequences of a step attend to.'),
    sequencesMax: z.number().int().min(1).max(100_000).default(64).describe('Sequences worked on at once.'),
    stepTokensMax: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(2048)
      .describe('Prompt tokens and sequences of one step.'),
    contextTokensMax: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .default(400_000)
      .describe('Tokens the KV cache holds for running sequences.'),
    prefixTokens: z
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(0)
      .describe('Tokens of earlier prompts that it remembers; 0 turns the prefix cache off.'),
    hardware: scenarioHardware,
    networkMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(0)
      .describe('From dispatch to the replica, and the same back.'),
  })
  .refine(({ hardware, ...told }) => hardware !== undefined || told.stepMs + told.sequenceMs > 0, {
    path: ['stepMs'],
    message: 'a step must cost something: "stepMs" or "sequenceMs" must be above 0',
  })
  .prefault({})
  .describe(
    'What one replica can do. A step costs its fixed part, the prompt tokens, the sequences and their context.',
  );

const scenarioFields = z.strictObject({
  name: resourceName.describe('For reports and file names.'),
  durationS: z.number().positive().max(10_000_000).describe('How long requests come.'),
  warmupS: seconds.default(0).describe('So much from the beginning is left out of the report.'),
  seed: z
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(1)
    .describe('Chance comes out the same for the same seed.'),
  engine: engineSpec,
  replicas: z
    .strictObject({
      min: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .default(1)
        .describe('At least so many; the number it begins with.'),
      max: z.number().int().min(1).max(1000).default(1000).describe('At most so many.'),
    })
    .prefault({})
    .describe('How many replicas.'),
  scaling: scalingSpec
    .prefault({ policy: 'fixed' })
    .describe('How their number changes: as `spec.scaling` of a Deployment.'),
  start: z
    .strictObject({
      coldStartMs: z
        .number()
        .min(0)
        .max(86_400_000)
        .default(30_000)
        .describe('From the decision until it answers.'),
      jitter: z.number().min(0).max(1).default(0.1).describe('How far starts differ, as a share of it.'),
      failureShare: z.number().min(0).max(1).default(0).describe('Share of starts that fail at their end.'),
      lifeMeanS: positive.optional().describe('Mean time after which a replica dies; never when absent.'),
    })
    .prefault({})
    .describe('How replicas start and fail.'),
  limits: z
    .strictObject({
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe('`engine.sequencesMax` when absent.'),
      queueDepthMax: z.number().int().min(0).max(1_000_000).default(1024).describe('Beyond that 503.'),
      holdMs: z.number().int().min(0).max(3_600_000).default(60_000).describe('How long requests are held.'),
      deadlineMs: positive.optional().describe('How long a caller waits for the answer to begin.'),
    })
    .prefault({})
    .describe('As `spec.limits` of a Deployment.'),
  routing: z
    .strictObject({
      prefixCacheTokens: z
        .number()
        .int()
        .min(0)
        .max(1_000_000_000)
        .optional()
        .describe('What routing takes a replica to remember; `engine.prefixTokens` when absent.'),
    })
    .prefault({})
    .describe('As `spec.routing` of a Deployment.'),
  resilience,
  workloads: z.array(workloadSpec).min(1).max(100).describe('Who asks.'),
  objective: z
    .strictObject({
      ttftMs: positive.optional().describe('Time to the first token.'),
      tpotMs: positive.optional().describe('Time per further token.'),
      latencyMs: positive.optional().describe('Time to the last token.'),
    })
    .prefault({ ttftMs: 1000 })
    .describe('A request is in time when it keeps all of these; refused ones are late.'),
  replicaPricePerH: z.number().min(0).max(100_000).default(1).describe('What an hour of a replica costs.'),
});

/** A story for the simulator: what runs, who asks, and what is good enough. */
export const scenarioSchema = scenarioFields
  .refine(({ replicas }) => replicas.max >= replicas.min, {
    path: ['replicas', 'max'],
    message: 'must not be smaller than "replicas.min"',
  })
  .superRefine(({ scaling, replicas }, context) => {
    const fault = scalingFault(scaling, replicas.max);
    if (fault !== undefined)
      context.addIssue({ code: 'custom', path: [...fault.path], message: fault.message });
  })
  .refine(({ warmupS, durationS }) => warmupS < durationS, {
    path: ['warmupS'],
    message: 'must be shorter than "durationS", or nothing is left to report',
  });

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioEngine = z.infer<typeof engineSpec>;
