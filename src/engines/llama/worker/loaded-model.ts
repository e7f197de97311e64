import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  getLlama,
  LlamaLogLevel,
  type Llama,
  type LlamaContext,
  type LlamaContextOptions,
  type LlamaModel,
} from 'node-llama-cpp';
import { problem, ProblemError } from '#schema';
import { readGguf } from '../gguf.ts';
import type { LlamaOptions } from '../options.ts';
import type { Counters } from './counters.ts';

/** A model in memory with the one context that all answers share. */
export interface LoadedModel {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** Of one sequence: prompt and answer together. */
  readonly contextTokens: number;
}

interface LoadSpec {
  readonly path: string;
  readonly options: LlamaOptions;
  readonly counters: Counters;
  /** Hears how far it is, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  readonly log: (level: string, message: string) => void;
}

const defaultContextTokens = 4096;

/** Loads a model; refuses what is not one with the reason, before native code sees it. */
export async function loadModel({
  path,
  options,
  counters,
  onProgress,
  log,
}: LoadSpec): Promise<LoadedModel> {
  await checkFile(path);
  const llama = await getLlama({
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    gpu: options.gpuLayers === 0 ? false : 'auto',
    maxThreads: 0,
    logLevel: LlamaLogLevel.warn,
    logger: log,
  });
  if (llama.gpu === false && options.gpuLayers !== 'auto' && options.gpuLayers > 0)
    throw unable('"gpuLayers" asks for a GPU, but no add-on for one is installed here. Use 0 or "auto".');
  const model = await llama.loadModel({
    modelPath: path,
    gpuLayers: llama.gpu === false ? 0 : options.gpuLayers,
    onLoadProgress: onProgress,
  });
  const contextTokens = checkedContext(options, model.trainContextSize);
  const context = await model.createContext(contextOptions({ options, contextTokens, counters }));
  return { llama, model, context, contextTokens: Math.min(contextTokens, context.contextSize) };
}

function unable(why: string): ProblemError {
  return new ProblemError(problem('model_unavailable', why));
}

/** Beyond what it was trained for a model writes nonsense. */
function checkedContext({ contextTokens }: LlamaOptions, trainedTokens: number): number {
  if (contextTokens === undefined) return Math.min(trainedTokens, defaultContextTokens);
  if (contextTokens <= trainedTokens) return contextTokens;
  throw unable(`"contextTokens" is ${contextTokens}, but the model was trained for ${trainedTokens}.`);
}

interface ContextSpec {
  readonly options: LlamaOptions;
  readonly contextTokens: number;
  readonly counters: Counters;
}

const cacheTypes = { f16: 'F16', f32: 'F32', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const;
const attention = { auto: 'auto', on: true, off: false } as const;

function contextOptions({ options, contextTokens, counters }: ContextSpec): LlamaContextOptions {
  const { sequences, batchTokens } = options;
  return {
    contextSize: contextTokens,
    sequences,
    threads: options.threads,
    // Room for one share of reading beside a step of every answer, so that neither waits for the other.
    batchSize: batchTokens + sequences,
    flashAttention: attention[options.flashAttention],
    experimentalKvCacheKeyType: cacheTypes[options.kvCacheKeyType],
    experimentalKvCacheValueType: cacheTypes[options.kvCacheValueType],
    batching: {
      // Everything that waits fits: what is read at once is bounded by the budget for reading.
      itemPrioritizationStrategy: ({ items }) => {
        counters.batches += 1;
        return items.map((item) => ({ item, processAmount: item.tokens.length }));
      },
    },
  };
}

async function checkFile(path: string): Promise<void> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const file = {
      name: basename(path),
      sizeBytes: size,
      read: async (offset: number, length: number) => {
        const bytes = Buffer.alloc(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      },
    };
    const read = await readGguf(file, new AbortController().signal);
    if (!read.ok) throw new ProblemError(read.problem);
  } finally {
    await handle.close();
  }
}
