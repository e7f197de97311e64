import type { ForecastName, Steadiness } from '#schema';
import { chosenOf, contest, hear, type Contest } from '../forecast/best-of.ts';
import { firstGapMs, type Forecaster } from '../forecast/forecaster.ts';
import { forecastersOf } from '../forecast/forecasters.ts';
import type { ScaleInput, ScaleLoad } from './input.ts';
import { ledHeadroom } from './led-headroom.ts';
import { decided, hold, type ScalePolicy } from './policy.ts';
import { tuningFor, type PredictiveTuning } from './predictive-tuning.ts';
import { maximum, withSample, type Samples } from './samples.ts';

export interface PredictiveOptions {
  /** The share of requests that should be in time: the headroom is led there. */
  readonly attainment: number;
  /** How the load is taken to go on. */
  readonly forecast?: ForecastName | undefined;
  /** Instead of those that `forecast` names. */
  readonly forecasters?: readonly Forecaster[] | undefined;
  readonly steadiness?: Steadiness | undefined;
  /** Instead of what was found by search for this cold start. */
  readonly tuning?: PredictiveTuning | undefined;
  /** How fast the headroom follows; 0 keeps it where it begins. */
  readonly gain?: number | undefined;
}

export interface PredictiveMemory {
  /** How the load goes on, and how far off that was; undefined before the first decision. */
  readonly seen: Contest | undefined;
  /** What was too few to give something back, as it was seen at the time. */
  readonly kept: Samples;
  /** Spare capacity, as a factor; undefined before the first decision. */
  readonly headroom: number | undefined;
  /** Of the first decision and of the last. */
  readonly sinceMs: number | undefined;
  readonly atMs: number | undefined;
}

/** Replicas' worth of load: when a replica that is started now is ready, some time after that, and now. */
interface View {
  readonly ahead: number;
  readonly later: number;
  readonly now: number;
  /** How far off the forecast is on average, as a share of it. */
  readonly spread: number;
  readonly forecaster: string;
}

/** About so far off is a forecast on the loads that the headroom was found on. */
const usualSpread = 0.08;
/** Of errors spread as the normal distribution, nine of ten are within so many of their means. */
const ninetyPercent = 2.06;

function lookAhead(seen: Contest, load: ScaleLoad, times: { leadMs: number; keepMs: number }): View {
  const chosen = chosenOf(seen);
  const ahead = chosen?.forecaster.ahead(times.leadMs) ?? load.offered;
  const later = chosen?.forecaster.ahead(times.leadMs + times.keepMs) ?? ahead;
  const spread = chosen?.error ?? usualSpread;
  return { ahead, later, now: load.offered, spread, forecaster: chosen?.forecaster.name ?? 'none' };
}

/** The more the forecast has been off of late, the more is spared. */
function factorOf(headroom: number, spread: number, { spreadShare }: PredictiveTuning): number {
  return 1 + (headroom - 1) * (1 - spreadShare + (spreadShare * spread) / usualSpread);
}

function factsOf(view: View, factor: number, backlog: number): Readonly<Record<string, number | string>> {
  const off = ninetyPercent * view.spread;
  return {
    offered: view.now,
    forecast: view.ahead,
    low90: Math.max(0, view.ahead * (1 - off)),
    high90: view.ahead * (1 + off),
    forecaster: view.forecaster,
    headroom: factor,
    backlog,
  };
}

/**
 * Asks for what is needed when a replica that is started now is ready, as soon as it is needed; gives back only what is
 * needed neither then nor some time later, and was not needed of late: a start that is paid for is only worth it when
 * the replica stays.
 */
export function predictive(options: PredictiveOptions): ScalePolicy<PredictiveMemory> {
  const { attainment, forecast = 'seasonal', steadiness = 'balanced', gain } = options;

  function see(memory: PredictiveMemory, { nowMs, coldStartMs }: ScaleInput, load: ScaleLoad) {
    const tuning = options.tuning ?? tuningFor(coldStartMs, steadiness);
    const leadMs = coldStartMs + (memory.atMs === undefined ? firstGapMs : nowMs - memory.atMs);
    const before = memory.seen ?? contest(options.forecasters ?? forecastersOf(forecast, tuning));
    const seen = hear(before, { atMs: nowMs, value: load.offered }, { leadMs, spanMs: tuning.spreadMs });
    return { tuning, seen, view: lookAhead(seen, load, { leadMs, keepMs: tuning.keepMs }) };
  }

  return {
    name: 'predictive',
    begin: () => ({ seen: undefined, kept: [], headroom: undefined, sinceMs: undefined, atMs: undefined }),
    decide(input, memory) {
      const { load, nowMs, wanted, ready } = input;
      if (load === undefined) return hold(input, memory);
      const { tuning, seen, view } = see(memory, input, load);
      const due = ready === 0 ? undefined : load.due;
      const headroom = ledHeadroom(memory.headroom ?? tuning.headroom, { due, gain, attainment });
      const factor = factorOf(headroom, view.spread, tuning);
      const backlog = load.backlog / (tuning.drainMs / 1000);
      const count = (replicas: number): number => Math.max(0, Math.ceil(replicas + backlog - tuning.round));
      const few = Math.max(view.ahead, view.later) * factor * tuning.band + tuning.spare;
      const kept = withSample(memory.kept, { atMs: nowMs, value: few }, tuning.holdMs);
      const sinceMs = memory.sinceMs ?? nowMs;
      const least = count(view.ahead * factor);
      // Who has not seen a whole window yet does not know what was needed in it.
      const most = nowMs - sinceMs < tuning.holdMs ? wanted : count(maximum(kept));
      const decision = Math.max(least, Math.min(wanted, most));
      const code = decision > wanted ? 'more-needed' : decision < wanted ? 'less-needed' : 'enough';
      const facts = { ...factsOf(view, factor, backlog), withoutForecast: count(view.now * factor) };
      return decided(decision, { seen, kept, headroom, sinceMs, atMs: nowMs }, { code, facts });
    },
  };
}
