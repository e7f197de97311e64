import { describe, expect, it } from 'vitest';
import type { Log, Store, WatchEvent } from '#contracts';
import { createMemoryStore } from '#stores/memory';
import { commit, model, put } from '../../test/conformance/store.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { feed } from './feed.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A store whose watchers can be told that they have missed something. */
function stage() {
  const clock = createVirtualClock();
  const plain = createMemoryStore({ clock });
  const lost: (() => void)[] = [];
  let isAway = false;
  const store: Store = {
    ...plain,
    list: (kind) => (isAway ? Promise.reject(new Error('away')) : plain.list(kind)),
    async watch(since, listener, whenLost) {
      const watched = await plain.watch(since, listener);
      if (watched.ok && whenLost)
        lost.push(() => {
          watched.stop();
          whenLost();
        });
      return watched;
    },
  };
  const names = new Set<string>();
  const view = {
    apply({ type, resource }: WatchEvent): void {
      if (type === 'put') names.add(resource.metadata.name);
      else names.delete(resource.metadata.name);
    },
  };
  return {
    clock,
    plain,
    names,
    lose: () => lost.splice(0).forEach((tell) => tell()),
    goAway: (away: boolean) => void (isAway = away),
    start: () => feed([view], { store, log: quiet, clock }),
  };
}

describe('the feed', () => {
  it('tells what is there, then every change', async () => {
    const { plain, names, start } = stage();
    await commit(plain, [put(model('a'))]);
    const stop = await start();
    await commit(plain, [put(model('b'))]);
    await plain.commit([{ verb: 'delete', kind: 'Model', name: 'a' }], { name: 'x', tenant: 'y' });
    expect([...names]).toEqual(['b']);
    stop();
    await commit(plain, [put(model('c'))]);
    expect([...names]).toEqual(['b']);
  });

  it('begins anew where changes were missed, once the store is there, and tells what is gone', async () => {
    const { clock, plain, names, lose, goAway, start } = stage();
    await commit(plain, [put(model('a')), put(model('b'))]);
    await start();
    goAway(true);
    lose();
    await plain.commit([{ verb: 'delete', kind: 'Model', name: 'a' }], { name: 'x', tenant: 'y' });
    await commit(plain, [put(model('c'))]);
    await clock.advance(3000);
    expect([...names]).toEqual(['a', 'b']);
    goAway(false);
    await clock.advance(1000);
    expect([...names]).toEqual(['b', 'c']);
    await commit(plain, [put(model('d'))]);
    expect([...names]).toEqual(['b', 'c', 'd']);
  });
});
