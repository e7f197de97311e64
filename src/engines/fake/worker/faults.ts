import type { FakeOptions } from '../options.ts';
import { crash } from './crash.ts';
import { pause } from './pause.ts';
import type { PromptScript } from './script.ts';
import { chances, hash } from './words.ts';

/** What goes wrong, and when. */
export interface Faults {
  /** Alive but stuck. */
  readonly hung: boolean;
  /** `number` is the request's, from 1. Does not return when the process is to die. */
  requestBegins(prompt: string, number: number): void;
  /** Does what the prompt asks for; the status to refuse the request with, if any. */
  obey(script: PromptScript, number: number, signal: AbortSignal): Promise<number | undefined>;
  /** `number` is the token's, from 1, over all requests. */
  tokenMade(number: number): void;
}

export function createFaults(options: FakeOptions): Faults {
  let hung = false;
  return {
    get hung() {
      return hung;
    },
    requestBegins: (prompt, number) => {
      if (number === options.crashAfterRequests) crash(options, `at request ${number}`);
      if (options.crashOnPrompt !== undefined && prompt.includes(options.crashOnPrompt)) {
        crash(options, 'at this prompt');
      }
    },
    obey: async (script, number, signal) => {
      if (script.sleepMs > 0) await pause(script.sleepMs, signal);
      if (script.crash) crash(options, 'as the prompt says');
      hung ||= script.hang;
      return script.errorStatus ?? errorNumbered(options, number);
    },
    tokenMade: (number) => {
      if (number === options.crashAfterTokens) crash(options, `after ${number} tokens`);
      hung ||= number === options.hangAfterTokens;
    },
  };
}

/** By count, or by a chance that the seed decides. */
function errorNumbered(options: FakeOptions, number: number): number | undefined {
  const { errorEvery, errorRate, errorStatus, seed } = options;
  if (errorEvery !== undefined && number % errorEvery === 0) return errorStatus;
  if (errorRate > 0 && chances(hash(String(number), seed))() < errorRate) return errorStatus;
  return undefined;
}
