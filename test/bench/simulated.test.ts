import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const figures = z.record(z.string(), z.number());

/** What a bench says in its last line, run for as little as it can be. */
async function resultOf(bench: string, ...args: readonly string[]): Promise<Record<string, number>> {
  const command = ['--import', 'tsx', '--conditions=source', `bench/${bench}.ts`, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  expect(last).toMatch(/^RESULT \{/);
  return figures.parse(JSON.parse(last.slice('RESULT '.length)));
}

// Simulated from fixed seeds, so that what they find is the same on every machine.

it('shares fairly: no gap is wider than the bound of start-time fair queueing', async () => {
  const found = await resultOf('fairness', '--seeds', '1', '--seconds', '500');
  expect(found['gap_to_bound_max']).toBeLessThanOrEqual(1);
  expect(found['utilisation']).toBeGreaterThan(0.99);
}, 60_000);

it('routes conversations with their prefixes, sooner than by least work', async () => {
  const found = await resultOf('routing');
  expect(found['ttft_to_bound']).toBeLessThan(found['least_work_to_bound'] ?? 0);
  expect(found['least_work_to_bound']).toBeLessThan(found['first_block_hash_to_bound'] ?? 0);
}, 60_000);

it('rolls bad versions back before rules of thumb do', async () => {
  const found = await resultOf('canary', '--releases', '20', '--runs', '10');
  expect(found['bad_requests_before_rollback']).toBeLessThan(
    found['threshold_bad_requests_before_rollback'] ?? 0,
  );
  expect(found['false_rollback']).toBe(0);
}, 60_000);

it('predicts engines from what others measured', async () => {
  const found = await resultOf('engine-models', '--every', '20');
  expect(found['points']).toBeGreaterThan(10);
}, 60_000);
