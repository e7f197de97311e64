import type { ScalePolicy } from './policy.ts';

/** A time of the day, UTC, in which there is a minimum of its own. */
export interface ScheduleEntry {
  /** 0 is Sunday. Every day when absent. */
  readonly days?: readonly number[] | undefined;
  /** Minutes since midnight; `to` below `from` reaches past midnight and belongs to the day it began. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly min: number;
}

const dayMs = 86_400_000;
/** 1 January 1970 was a Thursday. */
const firstDay = 4;

function covers(entry: ScheduleEntry, nowMs: number): boolean {
  const minute = (nowMs % dayMs) / 60_000;
  const day = (Math.floor(nowMs / dayMs) + firstDay) % 7;
  const on = (which: number): boolean => entry.days === undefined || entry.days.includes(which);
  if (entry.fromMinute <= entry.toMinute)
    return on(day) && minute >= entry.fromMinute && minute < entry.toMinute;
  return (on(day) && minute >= entry.fromMinute) || (on((day + 6) % 7) && minute < entry.toMinute);
}

const minuteMs = 60_000;

/** Whether the entry holds at some moment from now until then: none is shorter than a minute. */
function holdsWithin(entry: ScheduleEntry, nowMs: number, untilMs: number): boolean {
  for (let atMs = nowMs; atMs < untilMs; atMs += minuteMs) if (covers(entry, atMs)) return true;
  return covers(entry, untilMs);
}

/** The most that the schedule asks for from now until a replica started now would be ready. */
export function scheduled<Memory>(
  inner: ScalePolicy<Memory>,
  entries: readonly ScheduleEntry[],
): ScalePolicy<Memory> {
  return {
    ...inner,
    decide(input, memory) {
      const outcome = inner.decide(input, memory);
      const { nowMs, coldStartMs } = input;
      const asked = entries
        .filter((entry) => holdsWithin(entry, nowMs, nowMs + coldStartMs))
        .reduce((most, entry) => Math.max(most, entry.min), 0);
      if (asked <= outcome.decision) return outcome;
      const facts = { ...outcome.reason.facts, unscheduled: outcome.decision, because: outcome.reason.code };
      return { ...outcome, decision: asked, reason: { code: 'schedule', facts } };
    },
  };
}
