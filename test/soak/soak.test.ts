import { describe, expect, it } from 'vitest';
import { soak } from './soak.ts';

describe('a platform used roughly for a while', () => {
  it(
    'answers or refuses everything once, leaks nothing and is idle afterwards',
    { timeout: 300_000 },
    async () => {
      const report = await soak({ seconds: 15, clients: 16, seed: 1 });
      const { answered, refused, broken, left, stuck } = report.outcomes;
      expect(stuck).toBe(0);
      expect(answered + refused + broken + left).toBe(report.requests);
      expect(report.kills).toBeGreaterThan(0);
      expect(report.inFlight).toBe(0);
      // Whoever left may have left before the request was read, or after it was answered.
      expect(report.countedWell).toBeGreaterThanOrEqual(answered);
      expect(report.countedWell).toBeLessThanOrEqual(answered + left + broken);
      expect(report.descriptorsAfter).toBeLessThanOrEqual(report.descriptorsBefore + 8);
      expect(report.heapAfterBytes).toBeLessThan(report.heapBeforeBytes * 1.25 + 8 * 1024 * 1024);
    },
  );
});
