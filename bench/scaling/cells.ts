import { frontier, learnedName, ours } from './contenders.ts';
import type { Given, Row } from './measure.ts';

/** One load, one cold start, one attainment: the shipped policy beside the best that is not ours. */
export interface Cell {
  readonly name: string;
  readonly mine: number | undefined;
  readonly best: number;
  readonly bestName: string;
  /** How much worse than the best baseline; below 0 it is better. Not a number where it fails. */
  readonly worse: number;
}

/** Worse by more than this share is called worse. */
const toleratedShare = 0.01;

const isOurs = new Set([...frontier.map(({ name }) => name), learnedName]);

export function baselinesOf(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ name }) => !isOurs.has(name));
}

export function cellsOf(rows: readonly Row[], loads: readonly string[], given: Given): readonly Cell[] {
  const mine = rows.find(({ name }) => name === ours.balanced);
  return loads.map((load, at) => {
    const others = baselinesOf(rows).map((row) => ({
      row: row.name,
      ratio: row.loads[at]?.last ?? Infinity,
    }));
    const first = { row: 'none', ratio: Infinity };
    const best = others.reduce((least, other) => (other.ratio < least.ratio ? other : least), first);
    const ratio = mine?.loads[at]?.last;
    return {
      name: `${load}, ${given.coldStartMs / 1000} s, ${100 * given.attainment} %`,
      mine: ratio,
      best: best.ratio,
      bestName: best.row,
      worse: (ratio ?? NaN) / best.ratio - 1,
    };
  });
}

/** One that fails does not hold. */
export function holds({ worse }: Cell): boolean {
  return worse <= toleratedShare;
}
