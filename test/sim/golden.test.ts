import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioSchema } from '#schema';
import { runScenario, type Run } from '#sim';

/**
 * Scenarios and what they came to. A change here is a change of behaviour: look whether it is meant, and if so
 * `npx vitest run test/sim -u`.
 */
const folder = join(import.meta.dirname, 'golden');

function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

function golden({ summary }: Run): string {
  return `${JSON.stringify(summary, rounded, 2)}\n`;
}

describe('golden runs', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
    test(`${file} comes to what it came to before`, async () => {
      const scenario = scenarioSchema.parse(parse(readFileSync(join(folder, file), 'utf8')));
      await expect(golden(await runScenario(scenario))).toMatchFileSnapshot(
        join(folder, file.replace('.yaml', '.json')),
      );
    }, 60_000);
});
