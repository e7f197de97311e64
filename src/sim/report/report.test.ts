import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scenarioSchema } from '#schema';
import { runScenario } from '../world/run-scenario.ts';
import { createHistogram } from './histogram.ts';
import { htmlPage } from './html-page.ts';
import { estimate } from './repeated.ts';
import { reportRows } from './terminal-table.ts';

test('quantiles of a histogram are within half a percent', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, q) => {
      const histogram = createHistogram();
      for (const value of list) histogram.add(value);
      const exact = list.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * list.length)) - 1] ?? 0;
      expect(Math.abs(histogram.quantile(q) / exact - 1)).toBeLessThan(0.0051);
    }),
  );
});

test('an estimate has the interval of Student', () => {
  expect(estimate([4])).toEqual({ mean: 4, margin: 0 });
  // Standard deviation 1 of three values: 4.303 / sqrt(3).
  expect(estimate([1, 2, 3]).margin).toBeCloseTo(4.303 / Math.sqrt(3), 3);
  expect(estimate([1, NaN, 2, 3])).toEqual(estimate([1, 2, 3]));
});

test('the page holds the figures and a chart for each thing that changes', async () => {
  const scenario = scenarioSchema.parse({
    name: 'page',
    durationS: 60,
    workloads: [{ kind: 'poisson', ratePerS: 3 }],
  });
  const run = await runScenario(scenario);
  const page = htmlPage('A <story>', [
    { name: 'one', runs: [run] },
    { name: 'two', runs: [run] },
  ]);
  expect(page).toContain('A &lt;story&gt;');
  expect(page.match(/<figure>/g)).toHaveLength(4);
  expect(page.match(/<polyline /g)).toHaveLength(8);
  expect(page).toContain('x="720" y="194" text-anchor="end">1 min</text>');
  // Who sees no colours knows the lines by their dashes, in the legend as in the chart.
  expect(page.match(/stroke-dasharray="6 3"/g)).toHaveLength(8);
  expect(page).not.toContain('NaN');
});

test('of several seeds the page shows the intervals, and says what its charts are of', async () => {
  const scenario = scenarioSchema.parse({
    name: 'seeds',
    durationS: 60,
    workloads: [{ kind: 'poisson', ratePerS: 3 }],
  });
  const runs = [await runScenario(scenario), await runScenario(scenario, { seed: 2 })];
  const page = htmlPage('seeds', [{ name: 'one', runs }]);
  expect(page).toMatch(/<td>goodputPerS<\/td><td>[\d.]+ ± [\d.]+<\/td>/);
  expect(page).toContain('seed 1, 2. ± is the 95 % interval over the seeds; the charts show the first.');
  expect(page.match(/<polyline /g)).toHaveLength(4);
});

test('a run to which nobody came has kept no objective, and says so', async () => {
  const scenario = scenarioSchema.parse({
    name: 'nobody',
    durationS: 60,
    workloads: [{ kind: 'poisson', ratePerS: 1e-6 }],
  });
  const runs = [await runScenario(scenario)];
  expect(runs[0]?.summary).toMatchObject({ requests: 0, attained: NaN });
  expect(runs[0]?.lateS).toBeGreaterThan(60);
  expect(reportRows([{ name: 'nobody', runs }])[1]).toEqual(['in time', 'nobody came']);
  expect(htmlPage('nobody', [{ name: 'nobody', runs }])).toContain('<td>nobody came</td>');
  const [attained] = reportRows([{ name: 'nobody', runs: [...runs, ...runs] }]);
  expect(attained).toEqual(['attained', '–']);
});
