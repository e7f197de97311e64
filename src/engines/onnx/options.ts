import { z } from 'zod';
import type { Result } from '#contracts';
import { explain, problem } from '#schema';

/** Options of the `onnx` engine: `spec.engine.options` of a deployment. */
export const onnxOptions = z.strictObject({
  intraOpNumThreads: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('Threads that compute one run. More replicas use a busy machine better than more threads.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(2)
    .describe(
      'Requests, or batches of them, a replica is given at the same time: one runs, the next is there already.',
    ),
  batchSizeMax: z
    .number()
    .int()
    .min(1)
    .max(4096)
    .default(32)
    .describe(
      'Requests that are put together and run as one at most. `spec.batching` says when; 1 for never.',
    ),
  batchDimension: z
    .enum(['auto', 'first', 'none'])
    .default('auto')
    .describe(
      'Whether requests may be put together along the first dimension: `auto` where the model gives it the same name in every input and output, `first` where you know it is the batch, `none` never.',
    ),
  batchWaitMs: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(20)
    .describe('How long the first of a batch waits at most for the others, which are on their way.'),
  rowsMax: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .default(64)
    .describe('Texts that `/v1/embeddings` computes in one run.'),
  queueDepthMax: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(256)
    .describe('Requests that may wait in a replica; beyond that 503.'),
  orphanTimeoutMs: z
    .number()
    .int()
    .min(1000)
    .max(86_400_000)
    .default(600_000)
    .describe('The process ends after this long without work and without anybody asking how it is.'),
});

export type OnnxOptions = z.infer<typeof onnxOptions>;

/** Reads options, refusing by name what cannot be. */
export function parseOnnxOptions(options: unknown): Result<OnnxOptions> {
  const parsed = onnxOptions.safeParse(options ?? {});
  if (parsed.success) return { ok: true, value: parsed.data };
  const { param, message } = explain(onnxOptions, parsed.error, options);
  return {
    ok: false,
    problem: problem('invalid_resource', message, { param: `spec.engine.options.${param}` }),
  };
}
