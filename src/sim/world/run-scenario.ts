import type { Scenario } from '#schema';
import { summaryOf, type Summary } from '../report/summary.ts';
import type { Decision } from './decision.ts';
import { passUntil, passUntilEmpty } from './passing.ts';
import { createRecorder } from './recorder.ts';
import { keepTimeline, type TimelinePoint } from './timeline.ts';
import { letIn } from './visitors.ts';
import { createWorld } from './world.ts';

export interface RunOptions {
  /** The scenario's own when absent. */
  readonly seed?: number | undefined;
  /** Hears every decision, in order. */
  readonly onDecision?: ((decision: Decision) => void) | undefined;
  /** Hears, about a hundred times, which share of the run is over. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface Run {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly summary: Summary;
  readonly timeline: readonly TimelinePoint[];
  /** When the first request came that was too late for this run; undefined when there was none. */
  readonly lateS: number | undefined;
}

/** After the last arrival, what is inside may still take so long; then the run ends without it. */
const patienceMs = 3_600_000;
const progressSteps = 100;

/** Runs a scenario from its beginning to its end. The same scenario and seed give the same run, decision for decision. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<Run> {
  const { seed = scenario.seed, onDecision, onProgress } = options;
  const world = await createWorld({ scenario, seed, onDecision });
  const recorder = createRecorder(scenario);
  const { clock, fleet } = world;
  const door = letIn(world, recorder, seed);
  const timeline = keepTimeline(world);
  await passUntil(world, scenario.warmupS * 1000);
  const before = { paidMs: fleet.paidMs(), busyMs: fleet.busyMs(), changes: fleet.changes() };
  onProgress?.(0);
  for (let step = 1; step <= progressSteps; step++) {
    await passUntil(world, Math.max(clock.monotonicMs(), (scenario.durationS * 1000 * step) / progressSteps));
    onProgress?.(step / progressSteps);
  }
  const used = {
    paidMs: fleet.paidMs() - before.paidMs,
    busyMs: fleet.busyMs() - before.busyMs,
    changes: fleet.changes() - before.changes,
  };
  await passUntilEmpty(world, scenario.durationS * 1000 + patienceMs);
  await world.controlled?.stop();
  const unfinished = world.dispatch.inFlight();
  const summary = summaryOf({ scenario, recorder, used, timeline, unfinished });
  const lateS = door.lateMs === undefined ? undefined : door.lateMs / 1000;
  return { scenario, seed, summary, timeline, lateS };
}
