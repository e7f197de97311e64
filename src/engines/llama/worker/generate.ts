import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { problem, ProblemError, type ChatTokenLogprob, type FinishReason } from '#schema';
import type { Budget } from './budget.ts';
import type { Counters } from './counters.ts';
import type { DrawnToken } from './logprobs.ts';
import type { Member, Rounds } from './rounds.ts';
import { commonTokens, type Slot, type Slots } from './slots.ts';
import { createStopScanner } from './stop-strings.ts';
import type { Vocabulary } from './vocabulary.ts';

/** One answer to be written. */
export interface Choice {
  readonly prompt: Token[];
  /** At most this many tokens; with the prompt they fit the context. */
  readonly tokensMax: number;
  readonly stops: readonly string[];
  /** Called once when the answer begins, so that state in it belongs to this answer. */
  readonly draw: (written: Token[]) => SequenceEvaluateOptions;
  /** What to tell of every token, and from what the engine must say for it. */
  readonly logprobs: LogprobsWanted | undefined;
  readonly signal: AbortSignal;
}

export interface LogprobsWanted {
  readonly needs: { readonly confidence?: boolean; readonly probabilities?: boolean };
  readonly of: (drawn: DrawnToken) => ChatTokenLogprob;
}

/** Text that is settled. A token whose character or stop string is still open settles none. */
interface Step {
  readonly token: Token;
  readonly text: string;
  readonly logprob: ChatTokenLogprob | undefined;
}

/** A promise makes the answer wait, for a client that reads slowly. */
type OnStep = (step: Step) => Promise<void> | undefined;

export interface Finished {
  readonly reason: FinishReason;
  /** The stop string that ended it; undefined where it ended by itself. */
  readonly stoppedBy?: string | undefined;
  /** Text that was held back until the end was certain. */
  readonly rest: string;
  /** Prompt tokens that had been read before. */
  readonly cachedTokens: number;
  /** The end-of-answer token included, where the model wrote one. */
  readonly writtenTokens: number;
}

export type Generate = (choice: Choice, onStep: OnStep) => Promise<Finished>;

interface GenerateDeps {
  readonly slots: Slots;
  readonly rounds: Rounds;
  readonly budget: Budget;
  readonly batchTokens: number;
  readonly prefixReuse: boolean;
  readonly vocabulary: Vocabulary;
  readonly isEnd: (token: Token) => boolean;
  readonly counters: Counters;
}

/** Writes answers, each on a sequence of its own; the context computes a step of all of them at once. */
export function createGenerate(deps: GenerateDeps): Generate {
  return async (choice, onStep) => {
    try {
      return await write(deps, choice, onStep);
    } catch (error) {
      if (choice.signal.aborted) deps.counters.cancelled += 1;
      throw error;
    }
  };
}

async function write(deps: GenerateDeps, choice: Choice, onStep: OnStep): Promise<Finished> {
  const { slots, rounds, counters } = deps;
  const slot = await slots.acquire(choice.prompt, choice.signal);
  const member = rounds.join(slot.rank);
  const work = { slot, member, choice };
  counters.active += 1;
  try {
    const { rest, cachedTokens } = await prefill(deps, work);
    return { ...(await decode(deps, { ...work, rest, onStep })), cachedTokens };
  } catch (error) {
    // After a cancellation the sequence is as it says; after a failed step nobody knows what it holds.
    if (!choice.signal.aborted) await slot.sequence.clearHistory();
    throw error;
  } finally {
    counters.active -= 1;
    member.leave();
    slots.release(slot);
  }
}

function stopIfGone(signal: AbortSignal): void {
  if (signal.aborted) throw new ProblemError(problem('client_closed_request'));
}

interface Prefilled {
  /** The last piece of the prompt, which the first step of writing reads. */
  readonly rest: Token[];
  readonly cachedTokens: number;
}

/** An answer, where it is written, and whom it keeps step with. */
interface Work {
  readonly slot: Slot;
  readonly member: Member;
  readonly choice: Choice;
}

/** Reads all of the prompt but its last piece. Between pieces others get their turn, and a cancellation is seen. */
async function prefill(deps: GenerateDeps, { slot, member, choice }: Work): Promise<Prefilled> {
  const { prompt, signal } = choice;
  const { sequence } = slot;
  const { batchTokens, budget, counters } = deps;
  // At least one token is read again: only reading gives the probabilities of what comes next.
  const cachedTokens = deps.prefixReuse ? Math.min(commonTokens(sequence, prompt), prompt.length - 1) : 0;
  stopIfGone(signal);
  if (sequence.nextTokenIndex > cachedTokens)
    await sequence.eraseContextTokenRanges([{ start: cachedTokens, end: sequence.nextTokenIndex }]);
  counters.cachedTokens += cachedTokens;
  let at = cachedTokens;
  while (prompt.length - at > batchTokens) {
    await budget.take(batchTokens);
    try {
      stopIfGone(signal);
      const piece = prompt.slice(at, at + batchTokens);
      await member.run(() => sequence.evaluateWithoutGeneratingNewTokens(piece));
    } finally {
      budget.give(batchTokens);
    }
    at += batchTokens;
    counters.tokensPrefilled += batchTokens;
  }
  return { rest: prompt.slice(at), cachedTokens };
}

interface Decoding extends Work {
  readonly rest: Token[];
  readonly onStep: OnStep;
}

async function decode(deps: GenerateDeps, decoding: Decoding): Promise<Omit<Finished, 'cachedTokens'>> {
  const { counters } = deps;
  const { choice, member, onStep } = decoding;
  const writing = createWriting(deps, choice);
  const options = { ...choice.draw(writing.written), yieldEogToken: true };
  const needs = choice.logprobs?.needs ?? {};
  const steps = decoding.slot.sequence.evaluateWithMetadata(decoding.rest, needs, options);
  const advance = (): ReturnType<Steps['next']> => steps.next();
  try {
    let next = await firstStep(deps, decoding, steps);
    for (;;) {
      stopIfGone(choice.signal);
      // The engine ends by itself only where it is asked to; here it never is.
      if (next.done === true) throw new ProblemError(problem('internal', 'The engine drew no token.'));
      counters.tokensDecoded += 1;
      const { step, end } = writing.push(next.value);
      const pause = onStep(step);
      if (pause !== undefined) await paused(counters, pause);
      if (end !== undefined) return { ...end, writtenTokens: writing.written.length };
      next = await member.run(advance);
    }
  } finally {
    await steps.return();
  }
}

interface Pushed {
  readonly step: Step;
  /** Given when this was the last token. */
  readonly end: Pick<Finished, 'reason' | 'stoppedBy' | 'rest'> | undefined;
}

interface Writing {
  readonly written: Token[];
  readonly push: (drawn: DrawnToken) => Pushed;
}

/** Tokens to text: characters are whole, and nothing that may become a stop string leaves. */
function createWriting({ vocabulary, isEnd }: GenerateDeps, choice: Choice): Writing {
  const { logprobs, tokensMax } = choice;
  const written: Token[] = [];
  const utf8 = new TextDecoder();
  const scanner = createStopScanner(choice.stops);
  const rest = (): string => {
    const { text } = scanner.push(utf8.decode());
    return text + scanner.rest();
  };
  return {
    written,
    push: (drawn) => {
      const { token } = drawn;
      written.push(token);
      if (isEnd(token))
        return { step: { token, text: '', logprob: undefined }, end: { reason: 'stop', rest: rest() } };
      const { text, stoppedBy } = scanner.push(utf8.decode(vocabulary.bytes(token), { stream: true }));
      const step = { token, text, logprob: logprobs?.of(drawn) };
      if (stoppedBy !== undefined) return { step, end: { reason: 'stop', stoppedBy, rest: '' } };
      return { step, end: written.length >= tokensMax ? { reason: 'length', rest: rest() } : undefined };
    },
  };
}

/** Waiting for a client is no work: an answer that only waits must not look stuck. */
async function paused(counters: Counters, pause: Promise<void>): Promise<void> {
  counters.active -= 1;
  await pause;
  counters.active += 1;
}

type Steps = AsyncGenerator<DrawnToken, void, void | Token | Token[]>;

/** Also reads the last piece of the prompt, so it waits for its share of the reading. */
async function firstStep(
  { budget, counters }: GenerateDeps,
  { choice, member, rest }: Decoding,
  steps: Steps,
): Promise<IteratorResult<DrawnToken, void>> {
  await budget.take(rest.length);
  try {
    stopIfGone(choice.signal);
    return await member.run(() => steps.next());
  } finally {
    budget.give(rest.length);
    counters.tokensPrefilled += rest.length;
  }
}
