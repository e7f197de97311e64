import type { ReplicaBounds, ScalingSpec } from '#schema';
import type { Scaler } from './advice.ts';
import { band } from './band.ts';
import { bounded } from './bounds.ts';
import { cooled } from './cooldown.ts';
import { fixed } from './fixed.ts';
import { hpa, hpaDefaults } from './hpa.ts';
import { learned } from './learned.ts';
import { keda, kedaDefaults } from './keda.ts';
import { kpa, kpaDefaults } from './kpa.ts';
import { latency } from './latency.ts';
import type { ScalePolicy } from './policy.ts';
import { predictive } from './predictive.ts';
import { scheduled, type ScheduleEntry } from './schedule.ts';
import { stepLimited } from './steps.ts';
import { toZero } from './to-zero.ts';
import { createTrial } from './trial.ts';

type PolicyWithin<Memory> = (bounds: ReplicaBounds) => ScalePolicy<Memory>;

/** Keeps the memory of a policy between its decisions. With other bounds it is another policy of the same memory. */
function remembering<Memory>(policyWithin: PolicyWithin<Memory>, bounds: ReplicaBounds): Scaler {
  let policy = policyWithin(bounds);
  let memory = policy.begin();
  return {
    name: policy.name,
    decide(input) {
      const outcome = policy.decide(input, memory);
      ({ memory } = outcome);
      return { replicas: outcome.decision, reason: outcome.reason };
    },
    rebound(next) {
      policy = policyWithin(next);
    },
  };
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function entriesOf({ schedule }: ScalingSpec): readonly ScheduleEntry[] {
  return schedule.map(({ days, from, to, min }) => ({
    days: days?.map((day) => dayNames.indexOf(day)),
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
    min,
  }));
}

/** Where there may be no replica at all, something must wake the first one: the wrapper is always there. */
const toZeroDefaultMs = 300_000;

/** The wrappers that the spec asks for, the bounds outermost: nothing goes beyond them. */
function wrapped<Memory>(
  policyWithin: PolicyWithin<Memory>,
  spec: ScalingSpec,
  first: ReplicaBounds,
): Scaler {
  const { stepUpMax = Infinity, stepDownMax = Infinity, cooldownMs } = spec;
  const entries = entriesOf(spec);
  return remembering((bounds) => {
    const afterMs = spec.toZeroAfterMs ?? (bounds.min === 0 ? toZeroDefaultMs : Infinity);
    const within = { upMax: stepUpMax, downMax: stepDownMax };
    const calm = cooled(stepLimited(toZero(policyWithin(bounds), afterMs), within), cooldownMs);
    return bounded(scheduled(calm, entries), bounds);
  }, first);
}

type Maker = (spec: ScalingSpec, bounds: ReplicaBounds) => Scaler;

/** Each policy by its name, in the wrappers of the spec. */
const makers: Readonly<Record<ScalingSpec['policy'] | 'learned', Maker>> = {
  fixed: (spec, bounds) => wrapped(({ min }) => fixed(min), spec, bounds),
  hpa: (spec, bounds) =>
    wrapped(() => hpa({ ...hpaDefaults, ...targeted(spec), metric: spec.metric }), spec, bounds),
  kpa: (spec, bounds) =>
    wrapped(() => kpa({ ...kpaDefaults, target: spec.target ?? kpaDefaults.target }), spec, bounds),
  keda: (spec, bounds) => wrapped(() => keda({ ...kedaDefaults, ...targeted(spec) }), spec, bounds),
  latency: (spec, bounds) => {
    const { targetLatencyMs: targetMs, scaleDownMs: scaleDownWindowMs } = spec;
    return wrapped(() => latency({ targetMs, scaleDownWindowMs }), spec, bounds);
  },
  band: (spec, bounds) => wrapped(() => band(spec), spec, bounds),
  predictive: (spec, bounds) => wrapped(() => predictive(spec), spec, bounds),
  learned: (spec, bounds) => wrapped(() => learned(spec), spec, bounds),
};

function targeted({ target = hpaDefaults.target, scaleDownMs: scaleDownWindowMs }: ScalingSpec) {
  return { target, scaleDownWindowMs };
}

/** What `spec.scaling` describes. */
export function createScaler(spec: ScalingSpec, bounds: ReplicaBounds): Scaler {
  const { policy, shadow } = spec;
  if (shadow === undefined) return makers[policy](spec, bounds);
  const lead = (): Scaler => makers[policy](spec, bounds);
  const second = (): Scaler => makers[shadow.policy](spec, bounds);
  const modelled = { lead: lead(), shadow: second() };
  return createTrial({ lead: lead(), shadow: second(), modelled }, { ...spec, ...shadow });
}
