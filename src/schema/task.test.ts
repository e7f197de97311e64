import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasEnded,
  statesBefore,
  taskEnds,
  taskEvents,
  taskLifecycle,
  taskStates,
  type TaskEvent,
  type TaskState,
} from './task.ts';

/** The states that a series of events leads through; what the table ignores or forbids changes nothing. */
function statesThrough(events: readonly TaskEvent[]): TaskState[] {
  const states: TaskState[] = ['queued'];
  for (const event of events) {
    const now = states.at(-1) ?? 'queued';
    const next = taskLifecycle[now][event];
    states.push(next === 'ignore' || next === 'forbidden' ? now : next);
  }
  return states;
}

const anyEvents = fc.array(fc.constantFrom(...taskEvents), { maxLength: 40 });
const workerEvents = ['started', 'completed', 'refused', 'put-back', 'exhausted'] as const;

describe('the life of a task', () => {
  it('I1: work begins by a claim alone', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = statesThrough(events);
        const entries = states.flatMap((state, at) =>
          at > 0 && state !== states[at - 1] ? [{ state, at }] : [],
        );
        const began = entries.filter(({ state }) => state === 'leased' || state === 'running');
        const how = began.map(({ state, at }) => `${states[at - 1]} ${events[at - 1]} ${state}`);
        expect(
          how.filter((each) => each !== 'queued claimed leased' && each !== 'leased started running'),
        ).toEqual([]);
      }),
    );
  });

  it('I2, I3: an end is left by a replay alone, and success never', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = statesThrough(events);
        for (const [index, state] of states.entries()) {
          const next = states[index + 1];
          if (next === undefined || next === state || !hasEnded(state)) continue;
          expect(state).not.toBe('succeeded');
          expect([events[index], next]).toEqual(['replayed', 'queued']);
        }
      }),
    );
  });

  it('I4: what has not ended can be cancelled, and time ends it', () => {
    for (const state of taskStates.filter((each) => !hasEnded(each))) {
      expect(taskLifecycle[state].cancelled).toBe('cancelled');
      expect(taskLifecycle[state]['timed-out']).toBe('expired');
    }
    expect(taskEnds).toEqual(['succeeded', 'failed', 'cancelled', 'expired', 'dead']);
  });

  it('I5: a worker is heard only while it works', () => {
    for (const event of workerEvents) {
      const heard = taskStates.filter((state) => taskLifecycle[state][event] !== 'forbidden');
      expect(heard).toEqual(['leased', 'running']);
    }
    expect(statesBefore('completed')).toEqual(['leased', 'running']);
    expect(statesBefore('claimed')).toEqual(['queued']);
  });
});
