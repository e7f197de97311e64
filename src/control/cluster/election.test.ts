import { describe, expect, it } from 'vitest';
import type { Fence, Log, Peers, Store } from '#contracts';
import { createMemoryStore } from '#stores/memory';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { createElection } from './election.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const leaseMs = 3000;

function peersOf({ peers }: Store): Peers {
  if (peers === undefined) throw new Error('A memory store can be shared.');
  return peers;
}

function createWorld() {
  const clock = createVirtualClock();
  const peers = peersOf(createMemoryStore({ clock }));
  const leading = new Map<string, Fence>();
  function stand(holder: string, reached: Peers = peers) {
    return createElection({
      peers: reached,
      clock,
      log: quiet,
      office: 'control',
      holder,
      leaseMs,
      async lead(fence) {
        leading.set(holder, fence);
        return async () => void leading.delete(holder);
      },
    });
  }
  return { clock, peers, leading, stand };
}

describe('an election', () => {
  it('has one leader, who stays it', async () => {
    const { clock, leading, stand } = createWorld();
    for (const holder of ['a', 'b', 'c']) stand(holder).start();
    await clock.advance(60_000);
    expect([...leading]).toEqual([['a', { office: 'control', term: 1 }]]);
  });

  it('hands over at once when the leader stops', async () => {
    const { clock, leading, stand } = createWorld();
    const first = stand('a');
    first.start();
    await clock.settle();
    stand('b').start();
    await first.stop();
    expect([...leading.keys()]).toEqual([]);
    await clock.advance(leaseMs / 3);
    expect([...leading]).toEqual([['b', { office: 'control', term: 2 }]]);
  });

  it('has another leader within a lease and a third when one is not heard of, and the old one stops', async () => {
    const { clock, peers, leading, stand } = createWorld();
    let isCut = false;
    const cut: Peers = {
      ...peers,
      claim: (claim) => (isCut ? Promise.reject(new Error('out of reach')) : peers.claim(claim)),
    };
    stand('a', cut).start();
    await clock.settle();
    stand('b').start();
    await clock.advance(leaseMs);
    isCut = true;
    await clock.advance((leaseMs * 4) / 3 + 1);
    expect([...leading]).toEqual([['b', { office: 'control', term: 2 }]]);
    isCut = false;
    await clock.advance(60_000);
    expect([...leading.keys()]).toEqual(['b']);
  });

  it('notices when somebody else has led meanwhile', async () => {
    const { clock, peers, leading, stand } = createWorld();
    stand('a').start();
    await clock.settle();
    await peers.resign({ office: 'control', holder: 'a' });
    await peers.claim({ office: 'control', holder: 'somebody', leaseMs: 100 });
    await clock.advance(leaseMs);
    expect(leading.get('a')).toEqual({ office: 'control', term: 3 });
  });

  it('goes on standing after a leader that could not begin', async () => {
    const { clock, peers } = createWorld();
    let tries = 0;
    createElection({
      peers,
      clock,
      log: quiet,
      office: 'control',
      holder: 'a',
      leaseMs,
      async lead() {
        tries += 1;
        if (tries === 1) throw new Error('the store cannot be watched');
        return async () => undefined;
      },
    }).start();
    await clock.advance(leaseMs);
    expect(tries).toBe(2);
  });
});
