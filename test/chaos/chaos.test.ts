import { expect, it } from 'vitest';
import { noPostgres } from '../conformance/postgres-server.ts';
import { chaos } from './chaos.ts';

it('a cluster keeps its promises while everything around it fails', { timeout: 180_000 }, async (context) => {
  if (noPostgres !== undefined) context.skip(noPostgres);
  const { violations, ...report } = await chaos({ rounds: 9, seed: 1, secondsMax: 40 });
  console.log(JSON.stringify(report));
  expect(violations).toEqual([]);
  expect(report.rounds).toBeGreaterThan(0);
  expect(report.tasks).toBeGreaterThan(10);
});
