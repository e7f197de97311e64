import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedGates, presenceFacts, valueGates, type CountedFacts } from '#schema';
import { noLoad } from '../../../test/world/no-load.ts';
import { createGathered } from './gathered.ts';
import type { Member } from './membership.ts';

function gateway(life: string, counted: Partial<CountedFacts>): Member {
  const nothing = { loads: {}, evidence: {}, starved: {} };
  return { name: life, facts: { roles: ['gateway'], life, counted: { ...nothing, ...counted } } };
}

const busy = (life: string, begun: number, inside = 1): Member =>
  gateway(life, { loads: { chat: { ...noLoad, begun, inside } } });

const seen = (life: string, requests: number, buckets: readonly number[]): Member => {
  const counts = Object.fromEntries(countedGates.map((gate) => [gate, { requests, bad: 1 }]));
  const values = Object.fromEntries(valueGates.map((gate) => [gate, buckets]));
  const alike = { copied: requests, fixed: 0, equal: 0 };
  const facts = presenceFacts.parse({
    roles: ['gateway'],
    life,
    counted: { loads: {}, evidence: { chat: { new: { counts, values, alike } } }, starved: {} },
  });
  return { name: life, facts };
};

const hungry = (count: number): Member => gateway('a', { starved: { chat: count } });

describe('what several gateways have counted', () => {
  it('is one load: sums of what grew, and of what stands now', () => {
    const gathered = createGathered();
    gathered.hear([busy('a', 1000), busy('b', 10)]);
    expect(gathered.loads.read('chat')).toMatchObject({ begun: 0, inside: 2, places: 4 });
    gathered.hear([busy('a', 1005, 3), busy('b', 12)]);
    expect(gathered.loads.read('chat')).toMatchObject({ begun: 7, inside: 4 });
    expect(gathered.loads.read('other')).toBeUndefined();
  });

  it('never shrinks when a gateway dies, and begins anew with its next life', () => {
    const gathered = createGathered();
    gathered.hear([busy('a', 0), busy('b', 0)]);
    gathered.hear([busy('a', 50), busy('b', 5)]);
    gathered.hear([busy('b', 6)]);
    expect(gathered.loads.read('chat')).toMatchObject({ begun: 56, inside: 1 });
    gathered.hear([busy('a2', 0), busy('b', 6)]);
    gathered.hear([busy('a2', 4), busy('b', 6)]);
    expect(gathered.loads.read('chat')).toMatchObject({ begun: 60 });
  });

  it('is not known while no gateway tells anything: silence is no idleness', () => {
    const gathered = createGathered();
    gathered.hear([busy('a', 0, 3)]);
    const counted = { loads: {}, evidence: {}, starved: {} };
    const worker: Member = { name: 'b', facts: { roles: ['worker'], life: 'b', counted } };
    gathered.hear([worker, { name: 'of another version', facts: undefined }]);
    expect(gathered.loads.read('chat')).toBeUndefined();
    // A gateway that leaves it out has seen nothing of it lately: that is known.
    gathered.hear([gateway('a', {})]);
    expect(gathered.loads.read('chat')).toMatchObject({ inside: 0 });
  });

  it('is one evidence for each version, bucket by bucket', () => {
    const gathered = createGathered();
    gathered.hear([seen('a', 0, [0, 0]), seen('b', 0, [0, 0])]);
    gathered.hear([seen('a', 3, [1, 2]), seen('b', 4, [4, 0])]);
    expect(gathered.evidence.read('chat', 'new')).toMatchObject({
      counts: { errors: { requests: 7, bad: 0 } },
      values: { total: [5, 2] },
      alike: { copied: 7 },
    });
    expect(gathered.evidence.read('chat', 'old')).toBeUndefined();
  });

  it('takes in a version that is compared for the second time from its first request on', () => {
    const gathered = createGathered();
    gathered.hear([seen('a', 0, [])]);
    gathered.hear([seen('a', 1000, [1000])]);
    gathered.hear([gateway('a', {})]);
    gathered.hear([seen('a', 5, [5])]);
    expect(gathered.evidence.read('chat', 'new')).toMatchObject({
      counts: { errors: { requests: 1005 } },
      values: { total: [1005] },
    });
    gathered.hear([seen('a', 2, [2])]);
    expect(gathered.evidence.read('chat', 'new')?.counts.errors.requests).toBe(1007);
  });

  it('tells of each starved deployment when it is starved more than before', () => {
    const gathered = createGathered();
    const told: string[] = [];
    gathered.loads.onStarved((deployment) => told.push(deployment));
    for (const count of [0, 1, 1, 3]) gathered.hear([hungry(count)]);
    expect(told).toEqual(['chat', 'chat']);
  });

  it('sums exactly what is added after the first hearing, whoever comes and goes', () => {
    const step = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(100)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const gathered = createGathered();
        const counts = new Map<number, number>();
        let total = 0;
        for (const present of steps) {
          const now = new Map(present);
          for (const [life, more] of now) {
            if (counts.has(life)) total += more;
            counts.set(life, (counts.get(life) ?? 0) + more);
          }
          gathered.hear([...now.keys()].map((life) => busy(`life-${life}`, counts.get(life) ?? 0)));
        }
        gathered.hear([gateway('a watcher', {})]);
        expect(gathered.loads.read('chat')?.begun ?? 0).toBe(total);
      }),
    );
  });
});
