/**
 * What batching brings, simulated and live.
 *
 * The grid: 18 cells (3 service curves × objective 25, 50, 100 ms × 1 or 8 replicas), requests that come by chance
 * (Poisson), on virtual time. Reported is the largest rate at which 99 % are answered in time, as a share of what the
 * replicas could keep up if requests came evenly: N · b / l(b) for the largest b with (1 + 1/N) · l(b) ≤ objective.
 * The policy is the very module that dispatch asks; others stand beside it.
 *
 * Live, over HTTP, on the real ONNX engine: gateway and load generator on one core, the engine on the other. How much
 * more is answered in batches, how much longer that takes, and the goodput beside the bound of the engine, asked
 * directly in the same run.
 *
 *     npm run bench:batching -- [--only grid|live]
 */
import { parseArgs } from 'node:util';
import { decisionTime, runGrid } from './batching/grid.ts';
import { runLive } from './batching/live.ts';
import { compilePrograms } from './gateway/compile.ts';
import { printResult } from './harness/result.ts';

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });

function simulate(): Record<string, number> {
  const figures = runGrid();
  const decisionUs = decisionTime();
  console.log(`A decision takes ${decisionUs.toFixed(2)} µs.\n`);
  return { ...figures, decision_us: decisionUs };
}

const missing = compilePrograms();
if (missing !== undefined && options.only !== 'grid') {
  console.error(missing);
  process.exit(1);
}
const simulated = options.only === 'live' ? {} : simulate();
const live = options.only === 'grid' ? {} : await runLive();
printResult({ ...live, ...simulated });
process.exit(0);
