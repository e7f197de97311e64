import { lineThrough } from '../forecast/line.ts';
import { decided, hold, type ScalePolicy } from './policy.ts';
import { maximum, mean, withSample, type Samples } from './samples.ts';
import { tuningFor, type PredictiveTuning } from './predictive-tuning.ts';

export interface PredictiveOptions {
  /** The share of requests that should be in time: the headroom is led there. */
  readonly attainment: number;
  /** Instead of what was found by search for this cold start. */
  readonly tuning?: PredictiveTuning | undefined;
  /** How fast the headroom follows; 0 keeps it where it begins. */
  readonly gain?: number | undefined;
}

export interface PredictiveMemory {
  /** The load as it was. */
  readonly load: Samples;
  /** What was needed, as it was seen at the time. */
  readonly needs: Samples;
  /** Spare capacity, as a factor; undefined before the first decision. */
  readonly headroom: number | undefined;
  readonly sinceMs: number | undefined;
}

interface View {
  /** Replicas' worth of load when a replica started now would be ready. */
  readonly ahead: number;
  /** The same without looking ahead. */
  readonly now: number;
}

/** The trend of a longer while, drawn towards the last moments: most of what is above it will have passed by then. */
function look(load: Samples, tuning: PredictiveTuning, times: { nowMs: number; coldStartMs: number }): View {
  const { nowMs, coldStartMs } = times;
  const fast = mean(load, nowMs - tuning.fastMs);
  const line = lineThrough(load, nowMs - tuning.baseMs);
  const at = (atMs: number): number => line.middle + tuning.slope * line.slopePerMs * (atMs - line.middleMs);
  const ahead = at(nowMs + coldStartMs) + tuning.pull * (fast - at(nowMs - tuning.fastMs / 2));
  return { ahead: Math.max(0, ahead), now: fast };
}

const headroomMin = 0.9;
const headroomMax = 2.5;
/** A decision in which everything was late raises the headroom by this, one with nothing late lowers it by 1 % of it. */
const gainDefault = 0.01;

/**
 * An integral controller: in balance when as many are late as may be. While there is no replica everybody is late,
 * which headroom does not change, so that teaches nothing.
 */
function ledHeadroom(headroom: number, given: Led): number {
  const { due, gain, attainment } = given;
  if (due === undefined || due.count <= 0) return headroom;
  const excess = Math.min(1, due.late / due.count) - (1 - attainment);
  return Math.min(headroomMax, Math.max(headroomMin, headroom + gain * excess));
}

interface Led {
  readonly due: { readonly count: number; readonly late: number } | undefined;
  readonly gain: number;
  readonly attainment: number;
}

/**
 * Looks ahead by as long as a start takes: how much of a trend is believed, and how much is left to headroom, was found
 * by search. It asks for more as soon as that is needed, and gives back only what was not needed for a while, with a
 * margin: a start that is paid for is only worth it when the replica stays.
 */
export function predictive(options: PredictiveOptions): ScalePolicy<PredictiveMemory> {
  const { attainment, gain = gainDefault } = options;
  return {
    name: 'predictive',
    begin: () => ({ load: [], needs: [], headroom: undefined, sinceMs: undefined }),
    decide(input, memory) {
      const { load, nowMs, coldStartMs, wanted, ready } = input;
      if (load === undefined) return hold(input, memory);
      const tuning = options.tuning ?? tuningFor(coldStartMs);
      const due = ready === 0 ? undefined : load.due;
      const headroom = ledHeadroom(memory.headroom ?? tuning.headroom, { due, gain, attainment });
      const seen = withSample(memory.load, { atMs: nowMs, value: load.offered }, tuning.baseMs);
      const view = look(seen, tuning, { nowMs, coldStartMs });
      const backlog = load.backlog / (tuning.drainMs / 1000);
      const need = view.ahead * headroom;
      const needs = withSample(memory.needs, { atMs: nowMs, value: need }, tuning.holdMs);
      const count = (replicas: number): number => Math.max(0, Math.ceil(replicas + backlog - tuning.round));
      const sinceMs = memory.sinceMs ?? nowMs;
      const least = count(need);
      // Who has not seen a whole window yet does not know what was needed in it.
      const most = nowMs - sinceMs < tuning.holdMs ? wanted : count(maximum(needs) * tuning.band);
      const decision = Math.max(least, Math.min(wanted, most));
      const code = decision > wanted ? 'more-needed' : decision < wanted ? 'less-needed' : 'enough';
      const facts = {
        offered: load.offered,
        forecast: view.ahead,
        headroom,
        backlog,
        withoutForecast: count(view.now * headroom),
      };
      return decided(decision, { load: seen, needs, headroom, sinceMs }, { code, facts });
    },
  };
}
