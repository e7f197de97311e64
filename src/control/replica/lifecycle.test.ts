import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  replicaEvents,
  replicaLifecycle,
  replicaStates,
  resourceSchemas,
  type Replica,
  type ReplicaEvent,
  type ReplicaState,
} from '#schema';
import { statusOf, transition } from './transition.ts';

const since = '2026-01-01T00:00:00.000Z';
const replicaIn = (state: ReplicaState): Replica =>
  resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name: 'chat-1' },
    spec: {
      deployment: 'chat',
      model: 'demo',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state, since, endpoint: 'unix:/run/1', identity: { pid: 1 } },
  });

/** The states that a series of events leads through; events the table forbids are skipped, as nobody sends them. */
function statesThrough(events: readonly ReplicaEvent[]): (ReplicaState | 'removed')[] {
  let replica = replicaIn('starting');
  const states: (ReplicaState | 'removed')[] = ['starting'];
  for (const event of events) {
    if (replicaLifecycle[statusOf(replica).state][event] === 'forbidden') continue;
    const next = transition(replica, { event, nowMs: 0 });
    if (next.kind === 'removed') return [...states, 'removed'];
    if (next.kind === 'same') continue;
    replica = next.replica;
    states.push(statusOf(replica).state);
  }
  return states;
}

const anyEvents = fc.array(fc.constantFrom(...replicaEvents), { maxLength: 30 });

describe('the life of a replica', () => {
  it('I1, I2: becomes ready from loading alone, so never again once it drains', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = statesThrough(events);
        for (const [index, state] of states.entries())
          expect(state === 'ready' ? states[index - 1] : 'loading').toBe('loading');
        const drained = states.indexOf('draining');
        expect(drained < 0 ? [] : states.slice(drained)).not.toContain('ready');
      }),
    );
  });

  it('I3: wherever it is, its end is the end', () => {
    for (const state of replicaStates) {
      const next = transition(replicaIn(state), { event: 'exited', nowMs: 0 });
      const after = next.kind === 'changed' ? statusOf(next.replica).state : next.kind;
      expect(['failed', 'removed']).toContain(after);
    }
  });

  it('I4: from everywhere it can be taken away', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        expect(statesThrough([...events, 'exited', 'gone']).at(-1)).toBe('removed');
      }),
    );
  });

  it('never comes back to a state it has left', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const states = statesThrough(events);
        expect(new Set(states).size).toBe(states.length);
      }),
    );
  });

  it('keeps what identifies its process through every change', () => {
    const next = transition(replicaIn('ready'), {
      event: 'unwanted',
      nowMs: 5000,
      message: 'fewer are wanted',
    });
    expect(next.kind === 'changed' && statusOf(next.replica)).toMatchObject({
      state: 'draining',
      since: '1970-01-01T00:00:05.000Z',
      message: 'fewer are wanted',
      endpoint: 'unix:/run/1',
      identity: { pid: 1 },
    });
  });

  it('refuses what cannot be', () => {
    expect(() => transition(replicaIn('starting'), { event: 'became-ready', nowMs: 0 })).toThrow(
      'A replica that is starting cannot be "became-ready".',
    );
  });
});
