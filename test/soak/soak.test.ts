import { describe, expect, it } from 'vitest';
import { faultsOf } from './ledger.ts';
import { soak } from './soak.ts';

describe('a platform used roughly for a while', () => {
  it(
    'answers or refuses everything once, leaks nothing and is idle afterwards',
    { timeout: 300_000 },
    async () => {
      const report = await soak({ seconds: 15, clients: 16, seed: 1 });
      expect(faultsOf(report)).toEqual([]);
      expect(report.kills).toBeGreaterThan(0);
      expect(report.outcomes.refused).toBeGreaterThan(report.invalid);
      expect(report.descriptorsAfter).toBeLessThanOrEqual(report.descriptorsBefore + 8);
      expect(report.heapAfterBytes).toBeLessThan(report.heapBeforeBytes * 1.25 + 8 * 1024 * 1024);
    },
  );
});
