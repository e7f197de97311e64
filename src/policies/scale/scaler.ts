import type { ReplicaBounds, ScalingSpec } from '#schema';
import type { Reason } from '../policy.ts';
import { band } from './band.ts';
import { bounded } from './bounds.ts';
import { cooled } from './cooldown.ts';
import { fixed } from './fixed.ts';
import { hpa, hpaDefaults } from './hpa.ts';
import type { ScaleInput } from './input.ts';
import { keda, kedaDefaults } from './keda.ts';
import { kpa, kpaDefaults } from './kpa.ts';
import { latency } from './latency.ts';
import type { ScalePolicy } from './policy.ts';
import { predictive } from './predictive.ts';
import { scheduled, type ScheduleEntry } from './schedule.ts';
import { stepLimited } from './steps.ts';
import { toZero } from './to-zero.ts';

/** A policy together with its memory: for whoever asks again and again. */
export interface Scaler {
  readonly name: string;
  decide(input: ScaleInput): { readonly replicas: number; readonly reason: Reason };
}

/** Keeps the memory of a policy between its decisions. */
function remembering<Memory>(policy: ScalePolicy<Memory>): Scaler {
  let memory = policy.begin();
  return {
    name: policy.name,
    decide(input) {
      const outcome = policy.decide(input, memory);
      ({ memory } = outcome);
      return { replicas: outcome.decision, reason: outcome.reason };
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
function wrapped<Memory>(policy: ScalePolicy<Memory>, spec: ScalingSpec, bounds: ReplicaBounds): Scaler {
  const { stepUpMax = Infinity, stepDownMax = Infinity, cooldownMs } = spec;
  const toZeroAfterMs = spec.toZeroAfterMs ?? (bounds.min === 0 ? toZeroDefaultMs : undefined);
  const stepped = stepLimited(policy, { upMax: stepUpMax, downMax: stepDownMax });
  const calm = cooled(stepped, cooldownMs);
  const entries = entriesOf(spec);
  if (toZeroAfterMs === undefined) return remembering(bounded(scheduled(calm, entries), bounds));
  return remembering(bounded(scheduled(toZero(calm, toZeroAfterMs), entries), bounds));
}

/** What `spec.scaling` describes. */
export function createScaler(spec: ScalingSpec, bounds: ReplicaBounds): Scaler {
  const { policy, scaleDownMs: scaleDownWindowMs, metric } = spec;
  const target = spec.target ?? hpaDefaults.target;
  switch (policy) {
    case 'fixed':
      return wrapped(fixed(bounds.min), spec, bounds);
    case 'hpa':
      return wrapped(hpa({ ...hpaDefaults, metric, target, scaleDownWindowMs }), spec, bounds);
    case 'kpa':
      return wrapped(kpa({ ...kpaDefaults, target: spec.target ?? kpaDefaults.target }), spec, bounds);
    case 'keda':
      return wrapped(keda({ ...kedaDefaults, target, scaleDownWindowMs }), spec, bounds);
    case 'latency':
      return wrapped(latency({ targetMs: spec.targetLatencyMs, scaleDownWindowMs }), spec, bounds);
    case 'band':
      return wrapped(band({ upAt: spec.upAt, downAt: spec.downAt }), spec, bounds);
    case 'predictive':
      break;
  }
  return wrapped(predictive({ attainment: spec.attainment }), spec, bounds);
}
