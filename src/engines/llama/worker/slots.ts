import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { problem, ProblemError } from '#schema';

/** One sequence of the context, its place among them, and when it was last used. */
export interface Slot {
  readonly rank: number;
  readonly sequence: LlamaContextSequence;
  usedAt: number;
}

/** The sequences of a context, lent one to each answer that is being written. */
export interface Slots {
  /** Waits in line for a sequence, best one that has read the beginning of `tokens` already. */
  readonly acquire: (tokens: Token[], signal: AbortSignal) => Promise<Slot>;
  readonly release: (slot: Slot) => void;
  readonly waiting: () => number;
}

interface SlotsSpec {
  readonly sequences: readonly LlamaContextSequence[];
  readonly queueDepthMax: number;
  readonly prefixReuse: boolean;
}

interface Waiter {
  readonly tokens: Token[];
  readonly go: (slot: Slot) => void;
}

const retryAfterMs = 1000;
/** Fewer tokens in common are read again sooner than another conversation is forgotten for them. */
const worthwhileTokens = 16;

export function createSlots({ sequences, queueDepthMax, prefixReuse }: SlotsSpec): Slots {
  const idle: Slot[] = sequences.map((sequence, rank) => ({ rank, sequence, usedAt: 0 }));
  const line: Waiter[] = [];
  let uses = 0;
  const take = (tokens: Token[]): Slot | undefined => {
    const best = prefixReuse ? bestSlot(idle, tokens) : idle[0];
    if (best === undefined) return undefined;
    idle.splice(idle.indexOf(best), 1);
    return best;
  };
  return {
    acquire: (tokens, signal) => {
      const slot = line.length === 0 ? take(tokens) : undefined;
      if (slot !== undefined) return Promise.resolve(slot);
      if (line.length >= queueDepthMax) {
        const message = `${line.length} answers are waiting already (queueDepthMax).`;
        return Promise.reject(new ProblemError(problem('overloaded', message, { retryAfterMs })));
      }
      return new Promise((resolve, reject) => {
        const waiter = {
          tokens,
          go: (given: Slot) => {
            signal.removeEventListener('abort', leave);
            resolve(given);
          },
        };
        const leave = (): void => {
          line.splice(line.indexOf(waiter), 1);
          reject(new ProblemError(problem('client_closed_request')));
        };
        signal.addEventListener('abort', leave, { once: true });
        line.push(waiter);
      });
    },
    release: (slot) => {
      uses += 1;
      slot.usedAt = uses;
      idle.push(slot);
      const next = line.shift();
      const free = next === undefined ? undefined : take(next.tokens);
      if (next !== undefined && free !== undefined) next.go(free);
    },
    waiting: () => line.length,
  };
}

/** The one with the longest worthwhile beginning in common; among equals the one unused for longest. */
function bestSlot(idle: readonly Slot[], tokens: Token[]): Slot | undefined {
  const rated = idle.map((slot) => ({
    slot,
    common: worthwhile(commonTokens(slot.sequence, tokens), tokens),
  }));
  let best = rated[0];
  for (const one of rated) {
    if (best === undefined || one.common > best.common) best = one;
    else if (one.common === best.common && one.slot.usedAt < best.slot.usedAt) best = one;
  }
  return best?.slot;
}

function worthwhile(common: number, tokens: Token[]): number {
  return common >= worthwhileTokens || common * 2 >= tokens.length ? common : 0;
}

/** How many tokens at the beginning the sequence has read already. */
export function commonTokens(sequence: LlamaContextSequence, tokens: Token[]): number {
  const { firstDifferentIndex } = sequence.compareContextTokens(tokens);
  return Math.min(firstDifferentIndex, tokens.length);
}
