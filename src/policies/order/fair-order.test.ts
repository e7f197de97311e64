import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priorities, type Priority } from '#schema';
import type { Entry } from './entry.ts';
import {
  complete,
  createFairOrder,
  enqueue,
  enqueueFirst,
  peekNext,
  putBack,
  serve,
  withdraw,
  type FairOrder,
  type Owner,
} from './fair-order.ts';
import { lookAhead } from './look-ahead.ts';
import { peekLeast } from './push-out.ts';

const owner = (more: Partial<Owner> = {}): Owner => ({
  priority: 'standard',
  tenant: 'a',
  key: 'k',
  tenantWeight: 1,
  keyWeight: 1,
  ...more,
});

/** Takes the next one out, as if one place had become free, and says what it was. */
function next<T>(order: FairOrder<T>): Entry<T> | undefined {
  const entry = peekNext(order);
  if (entry !== undefined) serve(order, entry);
  return entry;
}

function fill(order: FairOrder<string>, who: Owner, costs: readonly number[]): void {
  for (const [n, cost] of costs.entries())
    enqueue(order, who, { item: `${who.tenant}/${who.key}/${n}`, cost });
}

function drain(order: FairOrder<string>): string[] {
  const items: string[] = [];
  for (let entry = next(order); entry !== undefined; entry = next(order)) items.push(entry.item);
  return items;
}

const weight = fc.integer({ min: 1, max: 8 });
const costs = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 20, maxLength: 40 });
const flow = fc.record({ weight, costs });

interface Event {
  readonly who: Owner;
  readonly cost: number;
  readonly pick: number;
}

/** Takes any one out of a set, and hands it on. */
function withAny(set: Set<Entry<number>>, pick: number, use: (entry: Entry<number>) => void): void {
  const entry = [...set][pick % Math.max(1, set.size)];
  if (entry === undefined) return;
  set.delete(entry);
  use(entry);
}

/** An order, and beside it two plain sets of what it should hold. */
function createAccount() {
  const order = createFairOrder<number>();
  const waiting = new Set<Entry<number>>();
  const sent = new Set<Entry<number>>();
  let made = 0;
  return {
    add({ who, cost }: Event) {
      waiting.add(enqueue(order, who, { item: (made += 1), cost }));
    },
    send() {
      const entry = next(order);
      expect(entry !== undefined && waiting.delete(entry)).toBe(entry !== undefined);
      if (entry !== undefined) sent.add(entry);
    },
    withdraw({ pick }: Event) {
      withAny(waiting, pick, (entry) => withdraw(order, entry));
    },
    back({ pick }: Event) {
      withAny(sent, pick, (entry) => {
        putBack(order, entry);
        waiting.add(entry);
      });
    },
    end({ pick, cost }: Event) {
      withAny(sent, pick, (entry) => complete(order, entry, cost));
    },
    check() {
      expect([order.waiting, order.sent, peekNext(order) !== undefined]).toEqual([
        waiting.size,
        sent.size,
        waiting.size > 0,
      ]);
      const backlog = [...waiting].reduce((sum, entry) => sum + entry.cost, 0);
      const kept = priorities.reduce((sum, name) => sum + order.bands[name].tenants.backlog, 0);
      expect(kept).toBeCloseTo(backlog, 6);
    },
    waiting: () => waiting.size,
    /** Drains it, and counts. */
    rest() {
      const items = new Set<number>();
      for (let entry = next(order); entry !== undefined; entry = next(order)) items.add(entry.item);
      return items.size;
    },
  };
}

interface Sharer {
  readonly weight: number;
  readonly costs: readonly number[];
  work: number;
  left: number;
}

function gapToBound(one: Sharer, other: Sharer): number {
  const gap = Math.abs(one.work / one.weight - other.work / other.weight);
  return gap / (Math.max(...one.costs) / one.weight + Math.max(...other.costs) / other.weight);
}

function pairs<T>(list: readonly T[]): (readonly [T, T])[] {
  return list.flatMap((one, n) => list.slice(0, n).map((other) => [one, other] as const));
}

/** The widest gap between any two, as a multiple of the bound, for as long as everybody has something waiting. */
function worstGap(flows: readonly Pick<Sharer, 'weight' | 'costs'>[], level: 'tenant' | 'key'): number {
  const order = createFairOrder<Sharer>();
  const sharers = flows.map((one): Sharer => ({ ...one, work: 0, left: one.costs.length }));
  for (const [n, item] of sharers.entries()) {
    const { weight: own } = item;
    const who =
      level === 'tenant' ? { tenant: `t${n}`, tenantWeight: own } : { key: `k${n}`, keyWeight: own };
    for (const cost of item.costs) enqueue(order, owner(who), { item, cost });
  }
  let worst = 0;
  for (let entry = next(order); entry !== undefined; entry = next(order)) {
    entry.item.work += entry.cost;
    entry.item.left -= 1;
    for (const [one, other] of pairs(sharers)) worst = Math.max(worst, gapToBound(one, other));
    if (entry.item.left === 0) break;
  }
  return worst;
}

describe('fair order', () => {
  it('serves one key first come, first served', () => {
    const order = createFairOrder<string>();
    fill(order, owner(), [5, 1, 9]);
    expect(drain(order)).toEqual(['a/k/0', 'a/k/1', 'a/k/2']);
  });

  it('gives tenants turns however many keys or requests they have', () => {
    const order = createFairOrder<string>();
    for (const key of ['x', 'y', 'z']) fill(order, owner({ tenant: 'many', key }), [1, 1, 1, 1]);
    fill(order, owner({ tenant: 'one' }), [1, 1, 1, 1]);
    expect(
      drain(order)
        .slice(0, 8)
        .filter((item) => item.startsWith('one')),
    ).toHaveLength(4);
  });

  /** The bound of start-time fair queueing: |Wi/wi − Wj/wj| ≤ Li/wi + Lj/wj while both have something waiting. */
  it.each(['tenant', 'key'] as const)('keeps the bound between any two backlogged: %s', (level) => {
    fc.assert(
      fc.property(fc.array(flow, { minLength: 2, maxLength: 6 }), (flows) => {
        expect(worstGap(flows, level)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('keeps the bound in what was really used, where costs were guessed wrong and came out later', () => {
    const guessed = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })), {
      minLength: 20,
      maxLength: 40,
    });
    fc.assert(
      fc.property(guessed, guessed, (first, second) => {
        const order = createFairOrder<{ tenant: 'a' | 'b'; truly: number }>();
        const lists = { a: first, b: second };
        for (const tenant of ['a', 'b'] as const)
          for (const [cost, truly] of lists[tenant])
            enqueue(order, owner({ tenant }), { item: { tenant, truly }, cost });
        const used = { a: 0, b: 0 };
        const left = { a: first.length, b: second.length };
        const largest = Math.max(...[...first, ...second].flat());
        while (left.a > 0 && left.b > 0) {
          const entry = next(order);
          if (entry === undefined) break;
          used[entry.item.tenant] += entry.item.truly;
          left[entry.item.tenant] -= 1;
          complete(order, entry, entry.item.truly);
          expect(Math.abs(used.a - used.b)).toBeLessThanOrEqual(2 * largest + 1e-6);
        }
      }),
    );
  });

  it('gives nothing for the time somebody was away', () => {
    const order = createFairOrder<string>();
    fill(
      order,
      owner({ tenant: 'busy' }),
      Array.from({ length: 120 }, () => 10),
    );
    for (let n = 0; n < 100; n++) next(order);
    fill(
      order,
      owner({ tenant: 'back' }),
      Array.from({ length: 20 }, () => 10),
    );
    const share = drain(order)
      .slice(0, 20)
      .filter((item) => item.startsWith('back'));
    expect(share).toHaveLength(10);
  });

  it('always sends the more urgent first, and still lets nobody starve', () => {
    const order = createFairOrder<Priority>();
    for (const priority of priorities)
      for (let n = 0; n < 400; n++) enqueue(order, owner({ priority }), { item: priority, cost: 10 });
    const sent = { critical: 0, standard: 0, batch: 0 };
    for (let n = 0; n < 400; n++) sent[next(order)?.item ?? 'critical'] += 1;
    expect(sent.critical).toBeGreaterThan(330);
    expect(sent.standard).toBeGreaterThan(30);
    expect(sent.batch).toBeGreaterThan(15);
    const first = createFairOrder<Priority>();
    for (const priority of ['batch', 'standard', 'critical'] as const)
      enqueue(first, owner({ priority }), { item: priority, cost: 1 });
    expect([next(first)?.item, next(first)?.item, next(first)?.item]).toEqual([
      'critical',
      'standard',
      'batch',
    ]);
  });

  it('puts what was sent in vain before all else of its key, at no cost', () => {
    const order = createFairOrder<string>();
    fill(order, owner(), [10, 10]);
    fill(order, owner({ tenant: 'b' }), [10]);
    const entry = next(order);
    if (entry !== undefined) putBack(order, entry);
    enqueueFirst(order, owner({ tenant: 'b' }), { item: 'b/first', cost: 10 });
    expect(drain(order)).toEqual(['a/k/0', 'b/first', 'a/k/1', 'b/k/0']);
  });

  /** Everything that can happen to it, against the plainest account of what waits. */
  it('is work-conserving and forgets or doubles nothing, whatever happens', () => {
    const step = fc.record({
      act: fc.constantFrom('add', 'add', 'send', 'send', 'withdraw', 'back', 'end'),
      tenant: fc.constantFrom('a', 'b', 'c'),
      key: fc.constantFrom('x', 'y'),
      priority: fc.constantFrom(...priorities),
      cost: fc.integer({ min: 1, max: 100 }),
      pick: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const account = createAccount();
        for (const { act, pick, cost, ...who } of steps) {
          account[act]({ who: owner(who), cost, pick });
          account.check();
        }
        expect(account.rest()).toBe(account.waiting());
      }),
    );
  });

  it('forgets those of whom nothing waits, however many come', () => {
    const order = createFairOrder<number>();
    // Somebody always waits, so that the order never starts over.
    for (let n = 0; n < 20_000; n++) {
      enqueue(order, owner({ tenant: 'steady' }), { item: n, cost: 1 });
      enqueue(order, owner({ tenant: `t${n}` }), { item: n, cost: 1 });
      for (let turn = 0; turn < (n % 100 === 99 ? 200 : 1); turn++) {
        const entry = order.waiting > 1 ? next(order) : undefined;
        if (entry !== undefined) complete(order, entry, 1);
      }
    }
    expect(order.bands.standard.tenants.flows.size).toBeLessThan(1000);
  });

  it('says what a newcomer would wait for: its own share, not the queue of others', () => {
    const order = createFairOrder<string>();
    fill(
      order,
      owner({ tenant: 'aggressor' }),
      Array.from({ length: 1000 }, () => 10),
    );
    expect(lookAhead(order, owner({ tenant: 'victim' })).work).toBeLessThanOrEqual(20);
    expect(lookAhead(order, owner({ tenant: 'aggressor' }))).toEqual({ work: 10_000, own: false });
    fill(order, owner({ tenant: 'victim' }), [10]);
    expect(lookAhead(order, owner({ tenant: 'aggressor' })).own).toBe(true);
    expect(lookAhead(order, owner({ tenant: 'victim', priority: 'batch' })).work).toBe(10_010);
    expect(lookAhead(order, owner({ tenant: 'victim', priority: 'critical' })).work).toBe(0);
  });

  it('never promises a wait that the order then breaks by more than one request of each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 50 })), {
          maxLength: 60,
        }),
        (list) => {
          const order = createFairOrder<string>();
          for (const [tenant, cost] of list) enqueue(order, owner({ tenant }), { item: tenant, cost });
          const { work } = lookAhead(order, owner({ tenant: 'me' }));
          enqueue(order, owner({ tenant: 'me' }), { item: 'me', cost: 1 });
          let before = 0;
          for (let entry = next(order); entry?.item !== 'me'; entry = next(order)) before += entry?.cost ?? 0;
          expect(before).toBeLessThanOrEqual(work + 4 * 50);
        },
      ),
    );
  });

  it('makes room where it is held by somebody who has more, or matters less', () => {
    const order = createFairOrder<string>();
    fill(order, owner({ tenant: 'aggressor' }), [10, 10, 10]);
    expect(peekLeast(order, owner({ tenant: 'victim' }), 10)?.item).toBe('aggressor/k/2');
    expect(peekLeast(order, owner({ tenant: 'aggressor' }), 10)).toBeUndefined();
    expect(peekLeast(order, owner({ tenant: 'victim', priority: 'batch' }), 10)).toBeUndefined();
    expect(peekLeast(order, owner({ tenant: 'aggressor', priority: 'critical' }), 10)?.item).toBe(
      'aggressor/k/2',
    );
  });
});
