import { dayMs, slotMs, slotOf, slotsPerDay } from './day.ts';
import { weightOf, type Forecaster, type Seen } from './forecaster.ts';
import type { RevertingOptions } from './reverting.ts';

/** Ten minutes of a day: the mean load, and the slow mean as it was then. */
interface Slot {
  readonly fromMs: number;
  readonly count: number;
  readonly value: number;
  readonly base: number;
}

interface State {
  readonly last: Seen;
  readonly base: number;
  /** The last two days, by the piece of two days, and the piece that is not over yet. */
  readonly slots: readonly (Slot | undefined)[];
  readonly open: Slot;
}

const kept = 2 * slotsPerDay;
const ratioMin = 0.5;
const ratioMax = 2;

function placeOf(atMs: number): number {
  return (slotOf(atMs) + (Math.floor(atMs / dayMs) % 2) * slotsPerDay + kept) % kept;
}

function slotAt({ slots }: State, atMs: number): Slot | undefined {
  const slot = slots[placeOf(atMs)];
  return slot !== undefined && Math.abs(slot.fromMs - atMs) < dayMs / 2 ? slot : undefined;
}

/** How yesterday went on from this time of the day, over the slow mean of that moment. */
function yesterdaysRatio(state: State, byMs: number): number {
  const then = state.last.atMs - dayMs;
  const [from, to] = [slotAt(state, then), slotAt(state, then + byMs)];
  if (from === undefined || to === undefined || from.base <= 0) return 1;
  return Math.min(ratioMax, Math.max(ratioMin, to.value / from.base));
}

/** The piece goes on, or it is put away and the next one begins. */
function withSample(state: State, sample: Seen, base: number): Pick<State, 'slots' | 'open'> {
  const { slots, open } = state;
  if (placeOf(open.fromMs) !== placeOf(sample.atMs) || sample.atMs - open.fromMs > slotMs)
    return { slots: slots.with(placeOf(open.fromMs), open), open: begun(sample, base) };
  const count = open.count + 1;
  return { slots, open: { ...open, count, value: open.value + (sample.value - open.value) / count, base } };
}

function begun({ atMs, value }: Seen, base: number): Slot {
  return { fromMs: atMs, count: 1, value, base };
}

function first(sample: Seen): State {
  const slots = Array.from<Slot | undefined>({ length: kept });
  return { last: sample, base: sample.value, slots, open: begun(sample, sample.value) };
}

/** Back to a slow mean as `reverting`, but the mean goes on as it did yesterday. */
export function seasonal(options: RevertingOptions, state?: State): Forecaster {
  return {
    name: 'seasonal',
    see(sample) {
      if (state === undefined) return seasonal(options, first(sample));
      const share = weightOf(sample.atMs - state.last.atMs, options.baseMs);
      const base = state.base + share * (sample.value - state.base);
      return seasonal(options, { last: sample, base, ...withSample(state, sample, base) });
    },
    ahead(byMs) {
      if (state === undefined) return undefined;
      const { base, last } = state;
      const above = Math.exp(-byMs / options.noiseMs) * (last.value - base);
      return Math.max(0, base * yesterdaysRatio(state, byMs) + above);
    },
  };
}
