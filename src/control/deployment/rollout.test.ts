import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replicaStates, resourceSchemas, type Replica, type ReplicaState } from '#schema';
import { statusOf } from '../replica/transition.ts';
import { isAlive, isReady, planRollout } from './rollout.ts';

const since = '2026-01-01T00:00:00.000Z';
let count = 0;
function replica(state: ReplicaState, template = 'new', createdAt = since): Replica {
  count += 1;
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name: `r${count}`, createdAt, annotations: { 'millrace.dev/template': template } },
    spec: {
      deployment: 'chat',
      model: 'demo',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state, since },
  });
}
const plan = (wanted: number, replicas: readonly Replica[]) =>
  planRollout({ wanted, template: 'new', replicas });

const fleet = fc.array(fc.tuple(fc.constantFrom(...replicaStates), fc.constantFrom('new', 'old')), {
  maxLength: 14,
});

describe('a rollout', () => {
  it('starts what is missing', () => {
    expect(plan(3, [replica('ready')])).toEqual({ start: 2, retire: [] });
  });

  it('starts nothing in the place of a failed one that is not noted yet', () => {
    expect(plan(3, [replica('ready'), replica('failed')])).toEqual({ start: 1, retire: [] });
  });

  it('retires what does not answer first, then the youngest', () => {
    const old = replica('ready', 'new', '2026-01-01T00:00:00.000Z');
    const young = replica('ready', 'new', '2026-01-02T00:00:00.000Z');
    const loading = replica('loading', 'new', '2025-01-01T00:00:00.000Z');
    expect(plan(1, [old, young, loading]).retire).toEqual([loading, young]);
  });

  it('brings a new one up before an old one goes', () => {
    const old = replica('ready', 'old');
    expect(plan(1, [old])).toEqual({ start: 1, retire: [] });
    expect(plan(1, [old, replica('loading')])).toEqual({ start: 0, retire: [] });
    expect(plan(1, [old, replica('ready')])).toEqual({ start: 0, retire: [old] });
  });

  it('never retires below what is wanted while that many are ready, never exceeds the surge, and comes to rest', () => {
    fc.assert(
      fc.property(fc.nat(8), fleet, (wanted, list) => {
        let replicas = list.map(([state, template]) => replica(state, template));
        for (let round = 0; round < 40; round++) {
          const { start, retire } = plan(wanted, replicas);
          const readyBefore = replicas.filter(isReady).length;
          const readyAfter = replicas.filter((one) => isReady(one) && !retire.includes(one)).length;
          expect(readyAfter).toBeGreaterThanOrEqual(Math.min(wanted, readyBefore));
          const aliveBefore = replicas.filter(isAlive).length;
          const surge = Math.max(1, Math.ceil(wanted / 4));
          expect(start === 0 || aliveBefore - retire.length + start <= wanted + surge).toBe(true);
          const kept = replicas.filter((one) => isAlive(one) && !retire.includes(one));
          // By the next round everything that was on its way has become ready.
          replicas = [...kept, ...Array.from({ length: start }, () => replica('ready'))].map((one) =>
            isReady(one) ? one : { ...one, status: { ...statusOf(one), state: 'ready' as const } },
          );
        }
        expect(plan(wanted, replicas)).toEqual({ start: 0, retire: [] });
        expect(replicas).toHaveLength(wanted);
      }),
    );
  });
});
