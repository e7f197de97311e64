import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastWork } from './least-work.ts';

const candidates = fc.array(
  fc.record({ inFlight: fc.integer({ min: 0, max: 40 }), concurrency: fc.integer({ min: 1, max: 32 }) }),
  { maxLength: 12 },
);
const named = (list: readonly { inFlight: number; concurrency: number }[]) =>
  list.map((one, index) => ({ ...one, id: `r${index}` }));
const load = (one: { inFlight: number; concurrency: number }) => (one.inFlight + 1) / one.concurrency;

describe('least work', () => {
  it('takes the replica that is least loaded for its size', () => {
    const replicas = [
      { id: 'small', inFlight: 1, concurrency: 2 },
      { id: 'large', inFlight: 3, concurrency: 8 },
    ];
    expect(leastWork.decide({ nowMs: 0, replicas }, leastWork.begin()).decision).toBe('large');
  });

  it('sends nothing where everybody is busy, and says so', () => {
    const busy = leastWork.decide({ nowMs: 0, replicas: [{ id: 'a', inFlight: 2, concurrency: 2 }] }, 0);
    expect([busy.decision, busy.reason.code]).toEqual([undefined, 'all-replicas-full']);
    const nobody = leastWork.decide({ nowMs: 0, replicas: [] }, 0);
    expect([nobody.decision, nobody.reason.code]).toEqual([undefined, 'no-ready-replica']);
  });

  it('never picks a worse or a full one', () => {
    fc.assert(
      fc.property(candidates, fc.nat(1000), (list, turn) => {
        const replicas = named(list);
        const { decision } = leastWork.decide({ nowMs: 0, replicas }, turn);
        const free = replicas.filter((one) => one.inFlight < one.concurrency);
        const chosen = free.find((one) => one.id === decision);
        expect(chosen === undefined).toBe(free.length === 0);
        expect(chosen === undefined ? Infinity : load(chosen)).toBe(Math.min(...free.map(load)));
      }),
    );
  });

  it('uses an idle fleet evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), (count, rounds) => {
        const replicas = Array.from({ length: count }, (_, index) => ({
          id: `r${index}`,
          inFlight: 0,
          concurrency: 4,
        }));
        const times = new Map<string, number>();
        let turn = leastWork.begin();
        for (let call = 0; call < count * rounds; call++) {
          const { decision = '', memory } = leastWork.decide({ nowMs: 0, replicas }, turn);
          turn = memory;
          times.set(decision, (times.get(decision) ?? 0) + 1);
        }
        expect([...times.values()]).toEqual(Array.from({ length: count }, () => rounds));
      }),
    );
  });
});
