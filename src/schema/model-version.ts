import { z } from 'zod';
import { resourceName } from './metadata.ts';
import { serviceCurves } from './service-curve.ts';

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits');

/** One immutable state of a model: a file by its digest, and where it comes from. Named `MODEL.VERSION`. */
export const modelVersionSpec = z.strictObject({
  model: resourceName.describe('The Model this is a version of.'),
  version: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .describe('For example "1" or "2026-11-20".'),
  source: z
    .string()
    .min(1)
    .max(4096)
    .describe(
      '`upload` (pushed), `file:/path`, `https://…`, `s3://BUCKET/KEY`, or `hf:OWNER/REPO/FILE[@REVISION]`; `none` where the engine needs no file, because the model runs elsewhere.',
    ),
  format: z.string().optional().describe('`gguf` or `onnx`; found by itself when absent.'),
  digest: digest
    .optional()
    .describe('Content address of the file. Required for `upload`; checked for the others.'),
  metadata: z
    .strictObject({
      trainingData: z.string().optional().describe('What it was trained on.'),
      metrics: z.record(z.string(), z.number()).optional().describe('Measured qualities, by name.'),
      commit: z.string().optional().describe('Commit of the code that made it.'),
      trainingJob: z.string().optional().describe('The run that made it, as whoever ran it calls it.'),
      details: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('What models for its `task` have to say of themselves; see the guide to the registry.'),
    })
    .optional()
    .describe('Where it comes from, for the record.'),
  parent: resourceName.optional().describe('The ModelVersion it was derived from.'),
});

export const modelVersionStates = ['pending', 'pulling', 'ready', 'failed'] as const;

export const modelVersionStatus = z.strictObject({
  state: z.enum(modelVersionStates).describe('Only a `ready` version can be deployed.'),
  observedGeneration: z.number().int().optional().describe('The `generation` this status speaks of.'),
  nextTryAt: z
    .string()
    .optional()
    .describe(
      'After a failure that may pass: when the next attempt is made; RFC 3339. Absent: only a changed `spec` can help.',
    ),
  message: z.string().optional().describe('Why it failed, or what it waits for.'),
  digest: digest.optional().describe('Content address of the file that is here.'),
  sizeBytes: z.number().optional().describe('Size of the file.'),
  receivedBytes: z.number().optional().describe('While pulling: how much has come.'),
  remainingMs: z.number().optional().describe('While pulling: how long the rest should take.'),
  format: z.string().optional().describe('What the file is.'),
  facts: facts.optional().describe('What the file says about itself.'),
  serviceCurves,
});

export type ModelVersionSpec = z.infer<typeof modelVersionSpec>;
export type ModelVersionStatus = z.infer<typeof modelVersionStatus>;

/** The resource name of a version: `demo` and `1` give `demo.1`. */
export function modelVersionName(model: string, version: string): string {
  return `${model}.${version}`;
}

/** How people and headers write it: `demo@1`. */
export function modelVersionLabel(spec: Pick<ModelVersionSpec, 'model' | 'version'>): string {
  return `${spec.model}@${spec.version}`;
}
