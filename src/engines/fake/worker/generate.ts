import { setImmediate as turn } from 'node:timers/promises';
import { problem, ProblemError } from '#schema';
import type { FakeOptions } from '../options.ts';
import type { Emission } from './emission.ts';
import type { Machine } from './machine.ts';
import { pause } from './pause.ts';
import type { Generation } from './request.ts';
import type { PromptScript } from './script.ts';
import { answerTo, tokensOf } from './words.ts';

/** What will be answered: it is known before the first token is "computed". */
export interface Answer {
  readonly tokens: readonly string[];
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
}

export function planAnswer(request: Generation, script: PromptScript, options: FakeOptions): Answer {
  const promptTokens = tokensOf(request.prompt).length;
  if (promptTokens > options.contextTokens) {
    const message = `The prompt has ${promptTokens} tokens, the context ${options.contextTokens}.`;
    throw new ProblemError(problem('context_length_exceeded', message));
  }
  const whole = wholeAnswer(request, script, options);
  const cut = cutAtStop(whole, request.stop);
  const tokensMax = request.tokensMax ?? Infinity;
  const tokens = cut.length > tokensMax ? cut.slice(0, tokensMax) : cut;
  return { tokens, finishReason: cut.length > tokensMax ? 'length' : 'stop', promptTokens };
}

function wholeAnswer(request: Generation, script: PromptScript, options: FakeOptions): readonly string[] {
  if (options.text !== undefined && script.tokens === undefined) return tokensOf(options.text);
  return answerTo(request.prompt, request.seed ?? options.seed, script.tokens ?? options.tokens);
}

function cutAtStop(tokens: readonly string[], stop: readonly string[]): readonly string[] {
  if (stop.length === 0) return tokens;
  const text = tokens.join('');
  const ends = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0);
  return ends.length === 0 ? tokens : tokensOf(text.slice(0, Math.min(...ends)));
}

/** So often a fast answer lets the others have their turn. */
const turnEvery = 16;

/** Emits the tokens at the scripted pace; true when all of them were, false when nobody wants them any more. */
export async function generate(machine: Machine, emission: Emission): Promise<boolean> {
  if (machine.stepper !== undefined) return machine.stepper.write(emission);
  const { tokens, signal, emit } = emission;
  const { firstTokenMs, tokenMs } = machine.options;
  const startMs = performance.now() + firstTokenMs;
  for (const [index, token] of tokens.entries()) {
    // Against the plan, not the last token: timers are late by up to a millisecond, and the rate stays right.
    const earlyMs = startMs + index * tokenMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs, signal);
    else if (index % turnEvery === 0) await turn();
    const stuck = machine.step(signal);
    if (stuck !== undefined) await stuck;
    if (signal.aborted) return false;
    const behind = emit(token);
    if (behind !== undefined) await behind;
  }
  return !signal.aborted;
}
