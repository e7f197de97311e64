import type { FakeOptions } from '../options.ts';
import type { Emission } from './emission.ts';
import { pause } from './pause.ts';

/** Something that is written at the same time as others. */
interface Member extends Emission {
  /** Tokens of the prompt that are still to be read. */
  readLeft: number;
  written: number;
  end(isWhole: boolean): void;
}

/** Writes several answers together, step by step, as engines with iteration-level batching do. */
export interface Stepper {
  /** True when the answer was written to its end, false when nobody wants it any more. */
  write(emission: Emission): Promise<boolean>;
}

/** Further behind its plan than this it does not try to catch up. */
const lagMaxMs = 1000;

function sweep(members: Set<Member>): void {
  for (const member of members)
    if (member.signal.aborted) {
      members.delete(member);
      member.end(false);
    }
}

/** Reads on for those that have not read their prompts, in the order they came; returns the tokens read. */
function read(members: Set<Member>, budget: number): number {
  let tokens = 0;
  for (const member of members) {
    if (tokens >= budget) break;
    const piece = Math.min(member.readLeft, budget - tokens);
    member.readLeft -= piece;
    tokens += piece;
  }
  return tokens;
}

/** A token for everybody who has read. */
async function writeOut(
  members: Set<Member>,
  writers: readonly Member[],
  count: (signal: AbortSignal) => Promise<void> | undefined,
): Promise<void> {
  for (const member of writers) {
    const stuck = count(member.signal);
    if (stuck !== undefined) await stuck;
    const token = member.tokens[member.written];
    if (token !== undefined && !member.signal.aborted) void member.emit(token);
    member.written += 1;
    if (member.written < member.tokens.length) continue;
    members.delete(member);
    member.end(!member.signal.aborted);
  }
}

type Steps = NonNullable<FakeOptions['steps']>;

/** `count` counts a token; its promise resolves only once nobody waits for it any more: the machine hangs. */
export function createStepper(
  steps: Steps,
  count: (signal: AbortSignal) => Promise<void> | undefined,
): Stepper {
  const members = new Set<Member>();
  let running = false;

  async function run(): Promise<void> {
    running = true;
    let endMs = performance.now();
    for (sweep(members); members.size > 0; sweep(members)) {
      const decoding = [...members].filter(({ readLeft }) => readLeft === 0).length;
      const tokens = read(members, Math.max(1, steps.tokensMax - decoding));
      const writers = [...members].filter(({ readLeft }) => readLeft === 0);
      // Against the plan, not the last step: timers are late by up to a millisecond, and the rate stays right.
      endMs = Math.max(endMs, performance.now() - lagMaxMs);
      endMs += steps.ms + steps.promptTokenMs * tokens + steps.sequenceMs * decoding;
      const earlyMs = endMs - performance.now();
      if (earlyMs > 0) await pause(earlyMs);
      await writeOut(members, writers, count);
    }
    running = false;
  }

  return {
    write: (emission) =>
      new Promise((end) => {
        const readLeft = Math.max(1, emission.promptTokens);
        members.add({ ...emission, readLeft, written: 0, end });
        if (!running) void run();
      }),
  };
}
