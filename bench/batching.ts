/**
 * What batching brings, simulated and live.
 *
 * The grid: 18 cells (3 service curves × objective 25, 50, 100 ms × 1 or 8 replicas), requests that come by chance
 * (Poisson), on virtual time. Reported is the largest rate at which 99 % are answered in time, as a share of what the
 * replicas could keep up if requests came evenly: N · b / l(b) for the largest b with (1 + 1/N) · l(b) ≤ objective.
 * The policy is the very module that dispatch asks; others stand beside it.
 *
 *     npm run bench:batching
 */
import { decisionTime, runGrid } from './batching/grid.ts';
import { printResult } from './harness/result.ts';

const figures = runGrid();
const decisionUs = decisionTime();
console.log(`A decision takes ${decisionUs.toFixed(2)} µs.`);
printResult({ ...figures, decision_us: decisionUs });
