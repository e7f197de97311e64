import type { Scenario } from '#schema';
import { summaryOf, type Summary } from '../report/summary.ts';
import type { Decision } from './decision.ts';
import { createRecorder } from './recorder.ts';
import { keepScaled } from './scaling.ts';
import { keepTimeline, type TimelinePoint } from './timeline.ts';
import { letIn, visitorsOf } from './visitors.ts';
import { createWorld, type World } from './world.ts';

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
}

/** After the last arrival, what is inside may still take so long; then the run ends without it. */
const patienceMs = 3_600_000;
const progressSteps = 100;

/** The last answers, after nobody comes any more. */
function finish({ clock, dispatch, scenario }: World): void {
  const endMs = scenario.durationS * 1000 + patienceMs;
  while (dispatch.inFlight() > 0 && clock.monotonicMs() < endMs && clock.step());
}

/** Runs a scenario from its beginning to its end. The same scenario and seed give the same run, decision for decision. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): Run {
  const { seed = scenario.seed, onDecision, onProgress } = options;
  const world = createWorld({ scenario, seed, onDecision });
  const recorder = createRecorder(scenario);
  const { clock, fleet } = world;
  keepScaled(world);
  letIn(world, recorder, visitorsOf(world, seed));
  const timeline = keepTimeline(world);
  clock.runUntil(scenario.warmupS * 1000);
  const before = { paidMs: fleet.paidMs(), busyMs: fleet.busyMs(), changes: fleet.changes() };
  for (let step = 1; step <= progressSteps; step++) {
    clock.runUntil(Math.max(clock.monotonicMs(), (scenario.durationS * 1000 * step) / progressSteps));
    onProgress?.(step / progressSteps);
  }
  const used = {
    paidMs: fleet.paidMs() - before.paidMs,
    busyMs: fleet.busyMs() - before.busyMs,
    changes: fleet.changes() - before.changes,
  };
  finish(world);
  const unfinished = world.dispatch.inFlight();
  return { scenario, seed, summary: summaryOf({ scenario, recorder, used, timeline, unfinished }), timeline };
}
