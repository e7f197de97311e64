import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastTtft, type LeastTtftInput, type RouteReplica, type RouteRequest } from './least-ttft.ts';
import { createPrefixIndex } from './prefix-index.ts';

const none = new Uint32Array(0);

const replica = (number: number, change: Partial<RouteReplica> = {}): RouteReplica => ({
  number,
  freeInSeconds: 0,
  secondsPerToken: 0.001,
  fixedSeconds: 0,
  ...change,
});

const request = (change: Partial<RouteRequest> = {}): RouteRequest => ({
  seed: 1,
  inputTokens: 1000,
  prefix: none,
  tokensPerBlock: 250,
  waitedSeconds: 0,
  ...change,
});

/** Replica 2 has read this prompt before. */
function replica2Holds(prefix: Uint32Array) {
  const prefixes = createPrefixIndex(16, 100);
  prefixes.touch(prefix, 2);
  return prefixes;
}

type Question = Pick<LeastTtftInput, 'requests' | 'replicas'> & Partial<LeastTtftInput>;

function decide(input: Question) {
  const { decision, reason } = leastTtft.decide({ prefixes: undefined, ...input }, leastTtft.begin());
  const rows = input.requests.length;
  return {
    to: Array.from(decision.replicaOf.subarray(0, rows)),
    hold: Array.from(decision.holdSeconds.subarray(0, rows)),
    reason,
  };
}

const fleets = fc.array(
  fc.record({
    free: fc.oneof(
      fc.constant(0),
      fc.constant(Infinity),
      fc.integer({ min: 1, max: 9000 }).map((ms) => ms / 1000),
    ),
    rate: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 10 },
);
const requests = fc.array(
  fc.record({ tokens: fc.integer({ min: 1, max: 9000 }), waited: fc.nat(90), seed: fc.nat() }),
  { maxLength: 20 },
);
const inputs = fc.tuple(requests, fleets).map(([waiting, fleet]): LeastTtftInput => ({
  requests: waiting.map(({ tokens, waited, seed }) =>
    request({ seed, inputTokens: tokens, waitedSeconds: waited }),
  ),
  replicas: fleet.map(({ free, rate }, at) =>
    replica(at, { freeInSeconds: free, secondsPerToken: rate / 10_000 }),
  ),
  prefixes: undefined,
}));

describe('least TTFT, one request', () => {
  it('goes where its first token comes soonest', () => {
    const input = { requests: [request()], replicas: [replica(1, { secondsPerToken: 0.002 }), replica(2)] };
    expect(decide(input).to).toEqual([1]);
  });

  it('goes to the replica that has read its beginning before', () => {
    const prefix = Uint32Array.from([1, 2, 3]);
    const input = { requests: [request({ prefix })], replicas: [replica(1), replica(2)] };
    expect(decide({ ...input, prefixes: replica2Holds(prefix) }).to).toEqual([1]);
  });

  it('waits for that replica where that is sooner than beginning anew elsewhere, and only there', () => {
    const prefix = Uint32Array.from([1, 2, 3]);
    const given = (freeInSeconds: number) => ({
      requests: [request({ prefix })],
      replicas: [replica(1), replica(2, { freeInSeconds })],
      prefixes: replica2Holds(prefix),
    });
    // Cold it takes 1 s, warm 0.25 s.
    expect(decide(given(0.5))).toEqual({
      to: [-1],
      hold: [0.5],
      reason: { code: 'held-for-a-better-replica' },
    });
    expect(decide(given(0.9)).to).toEqual([0]);
  });

  it('keeps a session at one replica among equals, and spreads sessions', () => {
    const fleet = [1, 2, 3, 4].map((number) => replica(number));
    const times = new Map<number, number>();
    for (let session = 0; session < 400; session++) {
      const [to = -1] = decide({ requests: [request({ seed: session })], replicas: fleet }).to;
      const fewer = fleet.filter((_, at) => at === to || at % 2 === to % 2);
      const [again = -1] = decide({ requests: [request({ seed: session })], replicas: fewer }).to;
      expect(fewer[again]).toBe(fleet[to]);
      times.set(to, (times.get(to) ?? 0) + 1);
    }
    expect(Math.min(...times.values())).toBeGreaterThan(60);
  });

  it('says why it sends nothing', () => {
    const busy = [replica(1, { freeInSeconds: Infinity })];
    expect(decide({ requests: [request()], replicas: busy }).reason.code).toBe('all-replicas-full');
    expect(decide({ requests: [request()], replicas: [] }).reason.code).toBe('no-ready-replica');
    expect(decide({ requests: [], replicas: busy }).reason.code).toBe('nothing-waits');
  });
});

describe('least TTFT, several requests', () => {
  it('keeps a warm replica for the request that gains most from it', () => {
    const prefix = Uint32Array.from([1, 2, 3]);
    const waiting = [request({ inputTokens: 1000 }), request({ inputTokens: 1000, prefix })];
    const replicas = [replica(1), replica(2)];
    expect(decide({ requests: waiting, replicas, prefixes: replica2Holds(prefix) }).to).toEqual([0, 1]);
  });

  it('lets the short go before the long, until the long has waited eight times its own work', () => {
    const long = request({ inputTokens: 8000, waitedSeconds: 64 });
    const input = { requests: [long, request({ inputTokens: 10 })], replicas: [replica(1)] };
    expect(decide(input).to).toEqual([-1, 0]);
    const overdue = [{ ...long, waitedSeconds: 64.1 }, request({ inputTokens: 10 })];
    expect(decide({ ...input, requests: overdue }).to).toEqual([0, -1]);
  });

  it('keeps the order of those that are alike', () => {
    const alike = Array.from({ length: 6 }, (_, seed) => request({ seed }));
    const { to } = decide({ requests: alike, replicas: [replica(1), replica(2)] });
    expect(to.map((at) => at >= 0)).toEqual([true, true, false, false, false, false]);
  });

  it('starves nobody: under a flood of short requests a long one still begins', () => {
    const work = 5;
    let clock = 0;
    let begun = false;
    while (!begun && clock < 100) {
      const flood = Array.from({ length: 11 }, () => request({ inputTokens: 100 }));
      const long = request({ inputTokens: work * 1000, waitedSeconds: clock });
      const { to } = decide({ requests: [long, ...flood], replicas: [replica(1)] });
      begun = to[0] === 0;
      clock += 0.1;
    }
    expect(clock).toBeGreaterThan(8 * work);
    expect(clock).toBeLessThan(8 * work + 1);
  });

  it('sends to free replicas only, and one request to each', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { to, hold } = decide(input);
        const used = to.filter((at) => at !== undefined && at >= 0);
        expect(new Set(used).size).toBe(used.length);
        for (const at of used) expect(input.replicas[at]?.freeInSeconds).toBe(0);
        for (const seconds of hold.slice(0, 12)) expect(seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('gives the same answer to the same question, whatever was asked before', () => {
    let memory = leastTtft.begin();
    fc.assert(
      fc.property(inputs, (input) => {
        const outcome = leastTtft.decide(input, memory);
        memory = outcome.memory;
        const rows = input.requests.length;
        expect(Array.from(outcome.decision.replicaOf.subarray(0, rows))).toEqual(decide(input).to);
      }),
    );
  });

  it('has somebody begin where no replica is busy', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const replicas = input.replicas.filter((one) => one.freeInSeconds === 0);
        fc.pre(input.requests.length > 0 && replicas.length > 0);
        expect(decide({ ...input, replicas }).to.some((at) => at >= 0)).toBe(true);
      }),
    );
  });
});
