import type { Run } from '../world/run-scenario.ts';

/** A figure over several seeds. */
export interface Estimate {
  readonly mean: number;
  /** Half the width of the 95 % interval of the mean (Student's t); 0 for a single seed. */
  readonly margin: number;
}

/** Student's t at 97.5 % for 1, 2, … degrees of freedom; the normal value beyond. */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.2, 2.18, 2.16, 2.14, 2.13,
];

/** Of those seeds that have the figure at all; NaN where none has. */
export function estimate(told: readonly number[]): Estimate {
  const values = told.filter(Number.isFinite);
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, margin: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, margin: (student[count - 2] ?? 1.96) * Math.sqrt(variance / count) };
}

/** The figures that a choice is made by. */
const figures = {
  attained: ({ summary }: Run) => summary.attained,
  ttftMeanMs: ({ summary }: Run) => summary.ttftMs.mean,
  ttftP99Ms: ({ summary }: Run) => summary.ttftMs.p99,
  tpotMeanMs: ({ summary }: Run) => summary.tpotMs.mean,
  latencyP99Ms: ({ summary }: Run) => summary.latencyMs.p99,
  goodputPerS: ({ summary }: Run) => summary.goodputPerS,
  replicaHours: ({ summary }: Run) => summary.replicaHours,
  cost: ({ summary }: Run) => summary.cost,
  changes: ({ summary }: Run) => summary.changes,
} as const;

export type Figure = keyof typeof figures;
export const figureNames: readonly Figure[] = [
  'attained',
  'ttftMeanMs',
  'ttftP99Ms',
  'tpotMeanMs',
  'latencyP99Ms',
  'goodputPerS',
  'replicaHours',
  'cost',
  'changes',
];

export type Estimates = Readonly<Record<Figure, Estimate>>;

/** The same scenario under several seeds: what is sure about it, and what is chance. */
export function estimatesOf(runs: readonly Run[]): Estimates {
  const of = (figure: Figure): Estimate => estimate(runs.map(figures[figure]));
  return {
    attained: of('attained'),
    ttftMeanMs: of('ttftMeanMs'),
    ttftP99Ms: of('ttftP99Ms'),
    tpotMeanMs: of('tpotMeanMs'),
    latencyP99Ms: of('latencyP99Ms'),
    goodputPerS: of('goodputPerS'),
    replicaHours: of('replicaHours'),
    cost: of('cost'),
    changes: of('changes'),
  };
}
