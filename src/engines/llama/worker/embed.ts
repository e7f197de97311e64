import type { LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { problem, ProblemError } from '#schema';
import type { Counters } from './counters.ts';

/** Vectors of length 1, one for each input. */
export type Embed = (inputs: readonly Token[][], signal: AbortSignal) => Promise<readonly Float32Array[]>;

interface EmbedDeps {
  readonly model: LlamaModel;
  readonly contextTokens: number;
  readonly threads: number;
  readonly counters: Counters;
  readonly queueDepthMax: number;
}

const retryAfterMs = 1000;

/** Embeds texts one after the other, in a context of its own that is made when first wanted. */
export function createEmbed(deps: EmbedDeps): Embed {
  const { model, contextTokens, threads, counters, queueDepthMax } = deps;
  let context: Promise<LlamaEmbeddingContext> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const run = async (inputs: readonly Token[][], signal: AbortSignal): Promise<readonly Float32Array[]> => {
    // A context that could not be made is tried again by the next request: memory may be free then.
    context ??= model
      .createEmbeddingContext({ contextSize: contextTokens, threads })
      .catch((error: unknown) => {
        context = undefined;
        throw error;
      });
    const ready = await context;
    const vectors: Float32Array[] = [];
    for (const input of inputs) {
      if (signal.aborted) {
        counters.cancelled += 1;
        throw new ProblemError(problem('client_closed_request'));
      }
      const { vector } = await watched(counters, ready.getEmbeddingFor([...input]));
      counters.embeddings += 1;
      counters.tokensPrefilled += input.length;
      vectors.push(normalised(vector));
    }
    return vectors;
  };
  return async (inputs, signal) => {
    if (waiting > queueDepthMax)
      throw new ProblemError(
        problem('overloaded', `${waiting} requests for embeddings are waiting already.`, { retryAfterMs }),
      );
    waiting += 1;
    counters.active += 1;
    const mine = turn.then(() => run(inputs, signal));
    turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting -= 1;
      counters.active -= 1;
    }
  };
}

function normalised(vector: readonly number[]): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

const lookEveryMs = 1000;
const busyMicroseconds = 100_000;

/**
 * The engine says nothing while it reads one text, which may take minutes. That it uses the processor is the sign
 * that it is at work and not stuck.
 */
async function watched<T>(counters: Counters, work: Promise<T>): Promise<T> {
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (user > busyMicroseconds) counters.busySeconds += 1;
  }, lookEveryMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
