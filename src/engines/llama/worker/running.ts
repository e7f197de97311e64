import type { LlamaOptions } from '../options.ts';
import { createBudget } from './budget.ts';
import type { Counters } from './counters.ts';
import { createEmbed, type Embed } from './embed.ts';
import { createGenerate, type Generate } from './generate.ts';
import type { LoadedModel } from './loaded-model.ts';
import { createPrompts, type Prompts } from './prompts.ts';
import { createRounds } from './rounds.ts';
import { createSampling, type Sampling } from './sampling.ts';
import { createSlots } from './slots.ts';
import { createVocabulary } from './vocabulary.ts';

/** A model at work. */
export interface Running {
  readonly prompts: Prompts;
  readonly sampling: Sampling;
  readonly generate: Generate;
  readonly embed: Embed;
  readonly contextTokens: number;
  readonly sequences: number;
  /** Answers that wait for a sequence. */
  readonly waiting: () => number;
}

export function createRunning(loaded: LoadedModel, options: LlamaOptions, counters: Counters): Running {
  const { llama, model, context, contextTokens } = loaded;
  const { sequences, queueDepthMax, prefixReuse, batchTokens, threads } = options;
  const vocabulary = createVocabulary(model);
  const slots = createSlots({
    sequences: Array.from({ length: sequences }, () => context.getSequence()),
    queueDepthMax,
    prefixReuse,
  });
  return {
    prompts: createPrompts(model, vocabulary, contextTokens),
    sampling: createSampling({ llama, model, vocabulary }),
    generate: createGenerate({
      slots,
      rounds: createRounds(),
      budget: createBudget(batchTokens),
      batchTokens,
      prefixReuse,
      vocabulary,
      isEnd: (token) => model.isEogToken(token),
      counters,
    }),
    embed: createEmbed({ model, contextTokens, threads, counters, queueDepthMax }),
    contextTokens,
    sequences,
    waiting: slots.waiting,
  };
}
