import type { Contender } from './contenders.ts';
import { needOf, runFluid, type FluidResult } from './fluid.ts';
import { stepMs, type LoadTrace } from './traces.ts';

export const waitMs = 1000;

export interface Given {
  readonly attainment: number;
  readonly coldStartMs: number;
}

export interface Tuned {
  readonly knob: number;
  readonly result: FluidResult;
}

/** Each halves the range of the knob: what is left after so many costs less than 0.1 % of the replica-hours. */
const tuningRounds = 12;

/** The least of the knob with which enough are in time; undefined when even the most does not do. */
export function tune(contender: Contender, rates: Float64Array, given: Given): Tuned | undefined {
  const { attainment, coldStartMs } = given;
  const run = (knob: number): FluidResult =>
    runFluid(rates, contender.make(knob, coldStartMs), { coldStartMs, waitMs });
  let [low, high] = contender.knob;
  let best = run(high);
  if (best.attained < attainment) return undefined;
  for (let round = 0; round < tuningRounds; round++) {
    const middle = (low + high) / 2;
    const result = run(middle);
    if (result.attained >= attainment) [high, best] = [middle, result];
    else low = middle;
  }
  return { knob: high, result: best };
}

export function daysOf(rates: Float64Array): number {
  return (rates.length * stepMs) / 86_400_000;
}

export function boundOf(rates: Float64Array): number {
  return needOf(rates).reduce((sum, count) => sum + count, 0);
}

/** What a policy came to on one load: on its first days, on its last, and on its last with the knob of the first. */
interface OnLoad {
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Starts and stops a day. */
  readonly churn: number;
  readonly carried: { readonly ratio: number; readonly attained: number } | undefined;
}

export interface Row {
  readonly name: string;
  readonly loads: readonly OnLoad[];
}

function onLoad(contender: Contender, { tune: first, report }: LoadTrace, given: Given): OnLoad {
  const { coldStartMs } = given;
  const [early, late] = [tune(contender, first, given), tune(contender, report, given)];
  const carried = early && runFluid(report, contender.make(early.knob, coldStartMs), { coldStartMs, waitMs });
  return {
    first: early && early.result.paid / boundOf(first),
    last: late && late.result.paid / boundOf(report),
    churn: (late?.result.churn ?? NaN) / daysOf(report),
    carried: carried && { ratio: carried.paid / boundOf(report), attained: carried.attained },
  };
}

/** Of a contender that knows something of these very days, so that there is nothing to tune before. */
export function lastOnly(contender: Contender, rates: Float64Array, given: Given): OnLoad {
  const found = tune(contender, rates, given);
  return {
    first: undefined,
    last: found && found.result.paid / boundOf(rates),
    churn: (found?.result.churn ?? NaN) / daysOf(rates),
    carried: undefined,
  };
}

export function measure(contender: Contender, traces: readonly LoadTrace[], given: Given): Row {
  return { name: contender.name, loads: traces.map((trace) => onLoad(contender, trace, given)) };
}

/** Not a number where one of them is missing. */
export function meanOf(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? NaN), 0) / values.length;
}

/** Not a number for who was not there. */
export function churnOf({ loads }: Row): number {
  if (loads.length === 0) return NaN;
  return loads.reduce((sum, { churn }) => sum + churn, 0);
}
