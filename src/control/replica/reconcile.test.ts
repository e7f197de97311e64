import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Replica, type ReplicaStatus } from '#schema';
import type { SignsOfLife } from '#contracts';
import { beginProbes, reconcileReplica, type ReplicaObserved } from './reconcile.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
const life: SignsOfLife = { state: 'ready', progress: 1, active: 0, queued: 0 };

function replica(status: Partial<ReplicaStatus>, inStateMs = 5000): Replica {
  const handle = status.state === 'starting' ? {} : { endpoint: 'unix:/run/1', identity: { pid: 1 } };
  return resourceSchemas.Replica.parse({
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
    status: { since: ago(inStateMs), concurrency: 4, ...handle, ...status },
  });
}

const seen: ReplicaObserved = {
  process: 'running',
  exitReason: undefined,
  life,
  silence: undefined,
  memory: beginProbes(),
  limits: { stallMs: 15_000, drainMs: 30_000, loadMs: 600_000 },
  concurrency: 4,
  lastLoadMs: undefined,
};

/** What is done, in short: the kinds of the actions, and the events of transitions. */
function steps(one: Replica | undefined, change: Partial<ReplicaObserved> = {}): readonly string[] {
  return reconcileReplica(one, { ...seen, ...change }, nowMs).map((action) =>
    action.kind === 'transition' ? action.event : action.kind,
  );
}

const remaining = (change: Partial<ReplicaObserved>): unknown =>
  reconcileReplica(replica({ state: 'loading' }, 2000), { ...seen, ...change }, nowMs)
    .filter((action) => action.kind === 'write-status')
    .map(({ status }) => status.remainingMs);

const told = (one: Replica, change: Partial<ReplicaObserved>): unknown =>
  reconcileReplica(one, { ...seen, ...change }, nowMs)
    .filter((action) => action.kind === 'write-status')
    .map(({ status }) => status.message);

describe('one step of a replica', () => {
  const stuck = { stall: { progress: 1, wellAtMs: nowMs - 15_000, quietProbes: 2 }, idleProbes: 0 };
  const quiet = { ...beginProbes(), ...stuck };
  const busy = { ...life, active: 1 };
  const story: readonly [string, Replica | undefined, Partial<ReplicaObserved>, readonly string[]][] = [
    ['no record', undefined, {}, []],
    ['to be started', replica({ state: 'starting' }), { process: 'unknown', life: undefined }, ['launch']],
    ['not started in time', replica({ state: 'starting' }, 600_000), {}, ['load-timed-out']],
    ['loading', replica({ state: 'loading' }), { life: { ...life, state: 'loading' } }, ['again']],
    [
      'loading, further',
      replica({ state: 'loading' }),
      { life: { ...life, state: 'loading', loadedFraction: 0.5 } },
      ['remember', 'write-status', 'again'],
    ],
    ['loaded', replica({ state: 'loading' }), {}, ['became-ready']],
    ['cannot load', replica({ state: 'loading' }), { life: { ...life, state: 'failed' } }, ['exited']],
    ['not loaded in time', replica({ state: 'loading' }, 600_000), { life: undefined }, ['load-timed-out']],
    ['ready', replica({ state: 'ready' }), {}, ['remember', 'again']],
    [
      'ready, other limits',
      replica({ state: 'ready' }),
      { concurrency: 8 },
      ['remember', 'write-status', 'again'],
    ],
    ['ready and stuck', replica({ state: 'ready' }), { life: busy, memory: quiet }, ['stalled']],
    ['ready and silent', replica({ state: 'ready' }), { life: undefined, memory: quiet }, ['stalled']],
    ['ready and failed', replica({ state: 'ready' }), { life: { ...life, state: 'failed' } }, ['stalled']],
    ['dead', replica({ state: 'ready' }), { process: 'none', exitReason: 'exit code 1' }, ['exited']],
    [
      'left by the last control plane',
      replica({ state: 'ready' }),
      { process: 'unknown' },
      ['adopt', 'again'],
    ],
    ['draining, too early to tell', replica({ state: 'draining' }, 900), {}, ['remember', 'again']],
    ['draining, idle once', replica({ state: 'draining' }), {}, ['remember', 'again']],
    [
      'draining, idle twice',
      replica({ state: 'draining' }),
      { memory: { ...beginProbes(), idleProbes: 1 } },
      ['drained'],
    ],
    [
      'draining, work waits',
      replica({ state: 'draining' }),
      { life: { ...life, queued: 1 }, memory: { ...beginProbes(), idleProbes: 1 } },
      ['remember', 'again'],
    ],
    ['draining too long', replica({ state: 'draining' }, 30_000), { life: busy }, ['drained']],
    ['draining and stuck', replica({ state: 'draining' }), { life: busy, memory: quiet }, ['stalled']],
    ['draining and dead', replica({ state: 'draining' }), { exitReason: 'exit code 0' }, ['exited']],
    ['to be stopped', replica({ state: 'stopping' }), {}, ['stop']],
    ['failed, still there', replica({ state: 'failed' }), {}, ['stop']],
    [
      'failed and gone',
      replica({ state: 'failed', endpoint: undefined, identity: undefined }),
      { process: 'none' },
      [],
    ],
  ];

  it.each(story)('%s', (...[, one, change, expected]) => {
    expect(steps(one, change)).toEqual(expected);
  });

  it('kills what has failed at once, and gives what has drained some time', () => {
    const actions = [replica({ state: 'failed' }), replica({ state: 'stopping' })].flatMap((one) =>
      reconcileReplica(one, seen, nowMs),
    );
    expect(actions).toMatchObject([
      { kind: 'stop', graceMs: 0, record: 'keep' },
      { kind: 'stop', graceMs: 5000, record: 'remove' },
    ]);
  });

  it('writes progress of loading down at most once a second', () => {
    const half = { life: { ...life, state: 'loading' as const, loadedFraction: 0.5 } };
    const memory = { ...beginProbes(), progressAtMs: nowMs - 999 };
    expect(steps(replica({ state: 'loading' }), { ...half, memory })).toEqual(['again']);
  });

  it('says why one that should have answered by now does not, until it does', () => {
    const silent = { life: undefined, silence: 'Nobody listens there.' };
    expect(told(replica({ state: 'loading' }, 1000), silent)).toEqual([]);
    expect(told(replica({ state: 'loading' }), silent)).toEqual(['Nobody listens there.']);
    const noted = replica({ state: 'loading', message: 'Nobody listens there.' });
    expect(told(noted, silent)).toEqual([]);
    expect(told(noted, { life: { ...life, state: 'loading' } })).toEqual([undefined]);
  });

  it('estimates from how far it is, or from the last time', () => {
    const loading = { ...life, state: 'loading' as const };
    expect(remaining({ life: { ...loading, loadedFraction: 0.25 } })).toEqual([6000]);
    expect(remaining({ life: loading, lastLoadMs: 9000 })).toEqual([7000]);
    expect(remaining({ life: loading })).toEqual([]);
  });
});
