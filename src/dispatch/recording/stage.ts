import { ProblemError, type RecordedInput } from '#schema';
import type { Deed } from './book.ts';
import type { Script, ScriptLine } from './script.ts';

/** Where what was recorded and what is done now part for the first time. */
interface Difference {
  /** Of the recording, from 1. */
  readonly line: number;
  readonly recorded: string;
  readonly replayed: string;
}

type Told = Extract<RecordedInput, { in: 'told' }>['value'];

/** What a comparison has come to. */
export interface Compared {
  readonly inputs: number;
  readonly deeds: number;
  readonly equal: number;
  readonly difference: Difference | undefined;
}

/** Plays the world as it was recorded, and holds what dispatch does to what it did then. */
export interface Stage {
  nowMs(): number;
  /** What the world answered then. */
  told(): Told;
  /** Compares a deed, lets it happen, and plays what came in the middle of it then. */
  deed<T>(deed: Deed, then: () => T): T;
  /** Plays all that is left. */
  playOn(): void;
  outcome(): Compared;
}

interface State {
  readonly script: Script;
  readonly play: (input: RecordedInput) => void;
  nowMs: number;
  inputs: number;
  deeds: number;
  equal: number;
  difference: Difference | undefined;
}

function textOf(line: ScriptLine): string {
  return line.kind === 'deed' ? line.text : JSON.stringify(line.input);
}

function differ(state: State, line: ScriptLine, replayed: string): void {
  state.difference ??= { line: line.number, recorded: textOf(line), replayed };
}

function enter(state: State, input: RecordedInput): void {
  state.inputs += 1;
  state.nowMs = input.at;
  state.play(input);
}

function playDuring(state: State, deed: number): void {
  const { script } = state;
  for (let line = script.peek(); line?.kind === 'input'; line = script.peek()) {
    if (line.input.during !== deed || state.difference !== undefined) return;
    script.take();
    if (line.input.in === 'threw') throw new ProblemError(line.input.problem);
    enter(state, line.input);
  }
}

function compare(state: State, text: string): void {
  const line = state.script.take();
  // A recording that was cut off ends in the middle: of what comes after its end it says nothing.
  if (line === undefined) return;
  state.deeds += 1;
  if (line.kind === 'deed' && line.text === text) state.equal += 1;
  else differ(state, line, text);
}

/** Deeds after the first difference are counted: nobody knows whether they would be the same. */
function playOn(state: State): void {
  const { script } = state;
  for (let line = script.take(); line !== undefined; line = script.take()) {
    if (line.kind === 'deed') {
      state.deeds += 1;
      differ(state, line, 'nothing');
    } else if (state.difference === undefined) enter(state, line.input);
  }
}

function told(state: State): Told {
  const line = state.script.peek();
  if (line?.kind !== 'input' || line.input.in !== 'told') {
    if (line !== undefined) differ(state, line, 'a question to the world');
    return undefined;
  }
  state.script.take();
  return line.input.value;
}

/** `play` lets an input happen. After the first difference nothing more is played: all that follows is another story. */
export function createStage(script: Script, play: (input: RecordedInput) => void): Stage {
  const state: State = { script, play, nowMs: 0, inputs: 0, deeds: 0, equal: 0, difference: undefined };
  let number = 0;
  return {
    nowMs: () => state.nowMs,
    told: () => told(state),
    deed(deed, then) {
      if (state.difference !== undefined) return then();
      const own = (number += 1);
      compare(state, JSON.stringify(deed));
      const result = then();
      playDuring(state, own);
      return result;
    },
    playOn() {
      playOn(state);
    },
    outcome() {
      const { inputs, deeds, equal, difference } = state;
      return { inputs, deeds, equal, difference };
    },
  };
}
