import { z } from 'zod';
import { fallbacks } from './fallback.ts';
import { steps } from './steps.ts';
import { resourceName } from './metadata.ts';
import { batching } from './batching.ts';
import { objectiveMs } from './objective.ts';
import { scalingSpec, scalingStatus } from './scaling.ts';
import { resilience } from './resilience.ts';
import { routing } from './routing.ts';
import { startsAtAddresses, urls } from './urls.ts';

/** A model version kept running under a name that clients ask for. */
export const deploymentSpec = z.strictObject({
  model: resourceName.describe('The Model to serve.'),
  version: z.string().min(1).describe('Its version, for example "1".'),
  engine: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .default('llama')
        .describe(
          'What runs it: `llama` (GGUF files), `onnx` (ONNX files), `openai` or `oip` (an endpoint that already runs), `fake`.',
        ),
      options: z
        .record(z.string(), z.unknown())
        .default({})
        .describe('Options of that engine; see its reference page.'),
      urls,
    })
    .prefault({})
    .describe('The engine and its options.'),
  replicas: z
    .strictObject({
      min: z.number().int().min(0).max(1000).default(1).describe('At least this many replicas run.'),
      max: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .optional()
        .describe('At most this many. `spec.scaling` needs it, unless `min` is 0: then it is 1 when absent.'),
    })
    .prefault({})
    .describe('How many replicas to run.'),
  scaling: scalingSpec
    .optional()
    .describe('Changes their number with the load; `replicas.min` run when absent.'),
  limits: z
    .strictObject({
      concurrency: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe('Requests one replica works on at once; the engine knows its own when absent.'),
      queueDepthMax: z
        .number()
        .int()
        .min(0)
        .max(1_000_000)
        .default(1024)
        .describe('Requests that may wait; beyond that 503.'),
      objectiveMs,
      holdMs: z
        .number()
        .int()
        .min(0)
        .max(3_600_000)
        .default(60_000)
        .describe('How long a request is held while the model loads.'),
      answerMs: z
        .number()
        .int()
        .min(1)
        .max(86_400_000)
        .optional()
        .describe(
          'How long an answer may take to begin once a replica was asked: then the replica counts as failing, and another is asked where the request may be made twice. As long as the caller waits when absent.',
        ),
      stallMs: z
        .number()
        .int()
        .min(1000)
        .max(3_600_000)
        .default(15_000)
        .describe('A replica that has work and makes no progress for this long is replaced.'),
      drainMs: z
        .number()
        .int()
        .min(0)
        .max(3_600_000)
        .default(30_000)
        .describe('How long a replica may finish its work before it is stopped.'),
      loadMs: z
        .number()
        .int()
        .min(1000)
        .max(86_400_000)
        .default(600_000)
        .describe('How long a replica may take to load.'),
    })
    .prefault({})
    .describe('Limits.'),
  batching,
  fallbacks,
  steps,
  routing,
  resilience,
});

const startsBeside = z.strictObject({
  template: z.string().describe('Which version: the template of its replicas.'),
  restarts: z.number().int().describe('As `restarts` of the deployment; each version has its own.'),
  nextStartAt: z.string().optional().describe('When its next attempt is made; RFC 3339.'),
  message: z.string().optional().describe('Why it fails.'),
});

export const deploymentStatus = z.strictObject({
  replicas: z.number().int().describe('Replicas that exist, in whatever state.'),
  readyReplicas: z.number().int().describe('Replicas that answer.'),
  observedGeneration: z.number().int().optional().describe('The `generation` this status speaks of.'),
  restarts: z.number().int().describe('Replicas in a row that died before they had been ready for a while.'),
  nextStartAt: z.string().optional().describe('When the next attempt is made, after failures; RFC 3339.'),
  message: z.string().optional().describe('What it waits for or why it fails.'),
  scaling: scalingStatus.optional().describe('How many replicas there should be, and why.'),
  coldStartMs: z.number().optional().describe('How long starts of this version take, as measured.'),
  addresses: startsAtAddresses,
  beside: startsBeside.optional().describe('While a release runs: how the starts of the second version go.'),
});

export type DeploymentSpec = z.infer<typeof deploymentSpec>;
export type DeploymentStatus = z.infer<typeof deploymentStatus>;
