import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scalePolicies, scenarioSchema, type Scenario } from '#schema';
import { decisionLine, runScenario, type Decision, type Run } from '#sim';

interface Told {
  readonly run: Run;
  readonly decisions: readonly Decision[];
  readonly log: string;
}

async function tell(scenario: Scenario): Promise<Told> {
  const decisions: Decision[] = [];
  const run = await runScenario(scenario, { onDecision: (decision) => decisions.push(decision) });
  return { run, decisions, log: decisions.map(decisionLine).join('\n') };
}

/** Small worlds in which things go wrong: starts fail, replicas die, queues are short. */
const worlds = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    policy: fc.constantFrom(...scalePolicies),
    ratePerS: fc.double({ min: 0.2, max: 20, noNaN: true }),
    cv: fc.constantFrom(0, 1, 3),
    min: fc.integer({ min: 0, max: 3 }),
    max: fc.integer({ min: 3, max: 8 }),
    failureShare: fc.constantFrom(0, 0.3),
    lifeMeanS: fc.constantFrom(undefined, 120),
    queueDepthMax: fc.constantFrom(0, 5, 1000),
    networkMs: fc.constantFrom(0, 1),
    deadlineMs: fc.constantFrom(undefined, 2000),
  })
  .map((given) =>
    scenarioSchema.parse({
      name: 'world',
      durationS: 200,
      seed: given.seed,
      replicas: { min: given.min, max: given.max },
      scaling: { policy: given.policy, ...(given.min === 0 ? { toZeroAfterMs: 60_000 } : {}) },
      start: { coldStartMs: 15_000, failureShare: given.failureShare, lifeMeanS: given.lifeMeanS },
      limits: { queueDepthMax: given.queueDepthMax, holdMs: 30_000, deadlineMs: given.deadlineMs },
      engine: { sequencesMax: 8, networkMs: given.networkMs },
      workloads: [{ kind: 'poisson', ratePerS: given.ratePerS, cv: given.cv, output: { mean: 60, cv: 0.7 } }],
    }),
  );

describe('whatever happens in a simulated world', () => {
  test('no request is lost, replicas stay within bounds, and the same seed tells the same story', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (scenario) => {
        const { run, decisions, log } = await tell(scenario);
        const { summary, timeline } = run;
        const refused = Object.values(summary.refused).reduce((sum, count) => sum + count, 0);
        expect(summary.unfinished).toBe(0);
        expect(summary.answered + refused).toBe(summary.requests);
        const { min, max } = scenario.replicas;
        const counts = decisions.flatMap((decision) => (decision.kind === 'scale' ? [decision.to] : []));
        expect(counts.every((count) => count >= min && count <= max)).toBe(true);
        // Nothing that runs is stopped for want of replicas: only deaths break answers off.
        const dies = scenario.start.lifeMeanS !== undefined;
        expect(dies || summary.refused['replica_failed'] === undefined).toBe(true);
        const { queueDepthMax, concurrency = scenario.engine.sequencesMax } = scenario.limits;
        for (const point of timeline) {
          expect(point.ready).toBeLessThanOrEqual(max);
          // What waits, and what is on its way through the network.
          expect(point.inside).toBeLessThanOrEqual(queueDepthMax + concurrency * point.paid + 1);
        }
        expect((await tell(scenario)).log).toBe(log);
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  test('another seed tells another story', async () => {
    const scenario = scenarioSchema.parse({
      name: 'two',
      durationS: 60,
      workloads: [{ kind: 'poisson', ratePerS: 5 }],
    });
    expect((await tell(scenario)).log).not.toBe((await tell({ ...scenario, seed: 2 })).log);
  });
});
