import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { Result } from '#contracts';
import { explain, problem, type Problem } from '#schema';

const kvCacheTypes = ['f16', 'f32', 'q8_0', 'q4_0'] as const;

/** Small machines do other work too, and threads that wait for each other at every step then cost more than they bring. */
function defaultThreads(): number {
  const cores = availableParallelism();
  return cores <= 4 ? 1 : Math.min(cores - 1, 16);
}

/** Options of the `llama` engine: `spec.engine.options` of a deployment. */
export const llamaOptions = z.strictObject({
  contextTokens: z
    .number()
    .int()
    .min(64)
    .max(1_048_576)
    .optional()
    .describe(
      "Tokens of prompt and answer together, for each sequence. The model's own, at most 4096, when absent.",
    ),
  sequences: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('Answers written at the same time. Each takes memory for `contextTokens` from the start.'),
  threads: z
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'Threads that compute. One on machines of up to 4 cores, else one less than there are, at most 16.',
    ),
  batchTokens: z
    .number()
    .int()
    .min(8)
    .max(8192)
    .default(64)
    .describe('Prompt tokens read in one step: smaller pieces let running answers go on more evenly.'),
  kvCacheKeyType: z.enum(kvCacheTypes).default('f16').describe('How keys are stored in the KV cache.'),
  kvCacheValueType: z
    .enum(kvCacheTypes)
    .default('f16')
    .describe('How values are stored in the KV cache. Quantised ones need `flashAttention: on`.'),
  flashAttention: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe('A faster form of attention with slightly other rounding.'),
  gpuLayers: z
    .union([z.literal('auto'), z.number().int().min(0).max(1000)], {
      error: 'must be "auto" or a whole number',
    })
    .default('auto')
    .describe('Layers computed on a GPU, where an add-on for it is installed; 0 keeps to the CPU.'),
  prefixReuse: z
    .boolean()
    .default(true)
    .describe('Begin a prompt where the longest one read before that starts the same way leaves off.'),
  queueDepthMax: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(256)
    .describe('Answers that may wait for a free sequence; beyond that 503.'),
  orphanTimeoutMs: z
    .number()
    .int()
    .min(1000)
    .max(86_400_000)
    .default(600_000)
    .describe('The process ends after this long without work and without anybody asking how it is.'),
});

export type LlamaOptions = z.infer<typeof llamaOptions> & { readonly threads: number };

/** Reads options, refusing by name what cannot be, alone or together. */
export function parseLlamaOptions(options: unknown): Result<LlamaOptions> {
  const parsed = llamaOptions.safeParse(options ?? {});
  if (!parsed.success) {
    const { param, message } = explain(llamaOptions, parsed.error, options);
    return { ok: false, problem: refusal(param, message) };
  }
  const { kvCacheValueType, flashAttention } = parsed.data;
  if (kvCacheValueType.startsWith('q') && flashAttention !== 'on') {
    const message = `"kvCacheValueType" ${kvCacheValueType} needs "flashAttention": "on".`;
    return { ok: false, problem: refusal('kvCacheValueType', message) };
  }
  return { ok: true, value: { ...parsed.data, threads: parsed.data.threads ?? defaultThreads() } };
}

function refusal(option: string, message: string): Problem {
  return problem('invalid_resource', message, { param: `spec.engine.options.${option}` });
}
