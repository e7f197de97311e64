import { randomInt } from 'node:crypto';
import {
  LlamaGrammarEvaluationState,
  TokenBias,
  type Llama,
  type LlamaGrammar,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp';
import { problem, ProblemError, type ChatCompletionRequest, type CompletionRequest } from '#schema';
import type { LogprobsWanted } from './generate.ts';
import { jsonGrammar } from './json-grammar.ts';
import { createLogprobs } from './logprobs.ts';
import type { Vocabulary } from './vocabulary.ts';

type Request = ChatCompletionRequest | CompletionRequest;

/** Options of one answer; `written` grows with it. */
export type Draw = (written: Token[]) => SequenceEvaluateOptions;

interface SamplingDeps {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly vocabulary: Vocabulary;
}

/** How the answers to one request are drawn: `drawOf(i)` is for answer i, which has a seed of its own. */
export interface Sampling {
  readonly drawOf: (request: Request, grammar: LlamaGrammar | undefined) => (index: number) => Draw;
  readonly grammarOf: (format: ChatCompletionRequest['response_format']) => Promise<LlamaGrammar | undefined>;
  readonly logprobsOf: (request: Request, top: number | undefined) => LogprobsWanted | undefined;
}

const seeds = 2 ** 32;
/** Penalties look back this far. */
const maxPunishTokens = 4096;

export function createSampling({ llama, model, vocabulary }: SamplingDeps): Sampling {
  return {
    drawOf: (request, grammar) => {
      const seed = request.seed ?? randomInt(seeds);
      const tokenBias = biasOf(model, vocabulary, request.logit_bias);
      const penalties = penaltiesOf(request);
      return (index) => (written) => ({
        temperature: request.temperature ?? 1,
        topP: request.top_p ?? 1,
        // OpenAI's dialect has no such cut; 0 switches the engine's own default off.
        topK: 0,
        seed: modulo(seed + index, seeds),
        ...(tokenBias === undefined ? {} : { tokenBias }),
        ...(penalties === undefined ? {} : { repeatPenalty: { ...penalties, punishTokens: () => written } }),
        ...(grammar === undefined
          ? {}
          : { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) }),
      });
    },
    grammarOf: async (format) => {
      if (format === undefined || format === null || format.type === 'text') return undefined;
      const grammar = jsonGrammar(format.type === 'json_object' ? true : (format.json_schema.schema ?? true));
      if (!grammar.ok) throw new ProblemError(grammar.problem);
      return createGrammar(llama, grammar.value);
    },
    logprobsOf: (request, top) => {
      if (top === undefined) return undefined;
      const temperature = request.temperature ?? 1;
      // The engine tells the chance of the token it took for little; all of them are needed to undo a temperature.
      const all = top > 0 || (temperature !== 0 && temperature !== 1);
      return {
        needs: all ? { probabilities: true } : { confidence: true },
        of: createLogprobs({ vocabulary, temperature, top }),
      };
    },
  };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

async function createGrammar(llama: Llama, text: string): Promise<LlamaGrammar> {
  try {
    return await llama.createGrammar({ grammar: text });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError(
      problem('unsupported_parameter', `The engine cannot keep to this schema: ${why}`, {
        param: 'response_format',
      }),
    );
  }
}

type Penalties = Omit<NonNullable<SequenceEvaluateOptions['repeatPenalty']>, 'punishTokens'>;

function penaltiesOf(request: Request): Penalties | undefined {
  const frequencyPenalty = request.frequency_penalty ?? 0;
  const presencePenalty = request.presence_penalty ?? 0;
  if (frequencyPenalty === 0 && presencePenalty === 0) return undefined;
  return { penalty: 1, frequencyPenalty, presencePenalty, maxPunishTokens };
}

function biasOf(
  model: LlamaModel,
  vocabulary: Vocabulary,
  bias: Request['logit_bias'],
): TokenBias | undefined {
  const entries = Object.entries(bias ?? {});
  if (entries.length === 0) return undefined;
  const biases = TokenBias.for(model);
  for (const [key, logit] of entries) {
    const token = Number(key);
    const param = `logit_bias.${key}`;
    if (!vocabulary.isToken(token))
      throw new ProblemError(problem('invalid_request', `Token ${key} is not in the vocabulary.`, { param }));
    if (model.isEogToken(token))
      throw new ProblemError(
        problem('unsupported_parameter', `The engine cannot bias token ${key}, which ends the answer.`, {
          param,
        }),
      );
    biases.set(token, { logit });
  }
  return biases;
}
