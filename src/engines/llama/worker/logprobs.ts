import type { Token } from 'node-llama-cpp';
import type { ChatTokenLogprob, TokenLogprob } from '#schema';
import type { Vocabulary } from './vocabulary.ts';

/** What the engine tells of one step. `probabilities` are sorted, likeliest first, temperature applied. */
export interface DrawnToken {
  readonly token: Token;
  readonly confidence?: number;
  readonly probabilities?: ReadonlyMap<Token, number>;
}

interface LogprobsSpec {
  readonly vocabulary: Vocabulary;
  readonly temperature: number;
  /** How many of the likeliest tokens to name. */
  readonly top: number;
}

/** JSON has no -Infinity; OpenAI's API writes this instead. */
const impossible = -9999;

/**
 * Log probabilities as the model gave them, before temperature: with p the probability after it, the one before is
 * p^T, normalised. Where `top_p` cuts, they are of the tokens that were left.
 */
export function createLogprobs({
  vocabulary,
  temperature,
  top,
}: LogprobsSpec): (drawn: DrawnToken) => ChatTokenLogprob {
  const power = temperature === 0 ? 1 : temperature;
  const named = (token: Token, logprob: number): TokenLogprob => ({
    token: vocabulary.label(token),
    logprob: Number.isFinite(logprob) ? logprob : impossible,
    bytes: [...vocabulary.bytes(token)],
  });
  return ({ token, confidence = 0, probabilities }) => {
    if (probabilities === undefined) return { ...named(token, Math.log(confidence)), top_logprobs: [] };
    const total = power === 1 ? 0 : Math.log(sumOfPowers(probabilities, power));
    const of = (probability: number): number => power * Math.log(probability) - total;
    const best: TokenLogprob[] = [];
    for (const [other, probability] of probabilities) {
      if (best.length >= top) break;
      best.push(named(other, of(probability)));
    }
    return { ...named(token, of(probabilities.get(token) ?? 0)), top_logprobs: best };
  };
}

function sumOfPowers(probabilities: ReadonlyMap<Token, number>, power: number): number {
  let sum = 0;
  for (const probability of probabilities.values()) sum += probability ** power;
  return sum;
}
