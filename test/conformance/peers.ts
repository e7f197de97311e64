import { describe, expect, test } from 'vitest';
import type { Store } from '#contracts';
import { resourceSchemas } from '#schema';

interface PeersUnderTest {
  readonly name: string;
  /** An empty store, as a process of its own would see it; the same one for each call until `fresh`. */
  readonly open: () => Promise<Store> | Store;
  readonly fresh: () => void;
  /** Lets so much time pass for whoever keeps the record. */
  readonly pass: (ms: number) => Promise<void> | void;
}

const actor = { name: 'control', tenant: 'system' };
const model = (name: string) =>
  resourceSchemas.Model.parse({ kind: 'Model', metadata: { name }, spec: { description: name } });

function peersOf({ peers }: Store) {
  if (peers === undefined) throw new Error('This store is not shared.');
  return peers;
}

/** What every shared store promises: contracts/peers.ts, sentence by sentence. */
export function testPeers({ name, open, fresh, pass }: PeersUnderTest): void {
  async function two() {
    fresh();
    const [one, other] = [await open(), await open()];
    const close = async (): Promise<void> => {
      await one.close();
      if (other !== one) await other.close();
    };
    return { one, other, a: peersOf(one), b: peersOf(other), close };
  }

  describe(`peers of store ${name}`, () => {
    test('hear of each other until one is silent for its lease', async () => {
      const { a, b, close } = await two();
      expect(await a.announce({ name: 'a', holder: 'x', facts: '{"n":1}' }, 60_000)).toBe(true);
      expect(await b.announce({ name: 'b', holder: 'y', facts: '{}' }, 300)).toBe(true);
      expect((await a.present()).map((each) => each.name)).toEqual(['a', 'b']);
      expect((await b.present())[0]).toEqual({ name: 'a', holder: 'x', facts: '{"n":1}' });
      await pass(500);
      expect((await a.present()).map((each) => each.name)).toEqual(['a']);
      await close();
    });

    test('keep a name from others while they are there, and leave it to them afterwards', async () => {
      const { a, b, close } = await two();
      await a.announce({ name: 'a', holder: 'x', facts: '1' }, 300);
      expect(await b.announce({ name: 'a', holder: 'y', facts: '2' }, 60_000)).toBe(false);
      expect(await b.announce({ name: 'a', holder: 'x', facts: '3' }, 300)).toBe(true);
      await pass(500);
      expect(await b.announce({ name: 'a', holder: 'y', facts: '4' }, 60_000)).toBe(true);
      await a.leave({ name: 'a', holder: 'x' });
      expect(await a.present()).toEqual([{ name: 'a', holder: 'y', facts: '4' }]);
      await b.leave({ name: 'a', holder: 'y' });
      expect(await a.present()).toEqual([]);
      await close();
    });

    test('one holds an office; the term rises with each change of hands, and never otherwise', async () => {
      const { a, b, close } = await two();
      const mine = { office: 'control', holder: 'x', leaseMs: 400 };
      const its = { office: 'control', holder: 'y', leaseMs: 60_000 };
      expect(await a.claim(mine)).toEqual({ office: 'control', term: 1 });
      expect(await b.claim(its)).toBeUndefined();
      expect(await a.claim(mine)).toEqual({ office: 'control', term: 1 });
      await pass(600);
      expect(await a.claim(mine)).toEqual({ office: 'control', term: 1 });
      await pass(600);
      expect(await b.claim(its)).toEqual({ office: 'control', term: 2 });
      expect(await a.claim(mine)).toBeUndefined();
      await b.resign(its);
      expect(await a.claim(mine)).toEqual({ office: 'control', term: 3 });
      await close();
    });

    test('of many who want an office at once, one gets it', async () => {
      const { a, b, close } = await two();
      const claims = Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? a : b).claim({ office: 'control', holder: `h${at}`, leaseMs: 60_000 }),
      );
      const held = (await Promise.all(claims)).filter((fence) => fence !== undefined);
      expect(held).toEqual([{ office: 'control', term: 1 }]);
      await close();
    });

    test('who lost an office cannot write for it any more', async () => {
      const { one, other, a, b, close } = await two();
      const old = await a.claim({ office: 'control', holder: 'x', leaseMs: 100 });
      expect(await one.commit([{ verb: 'put', resource: model('a') }], actor, old)).toMatchObject({
        ok: true,
      });
      await pass(300);
      const now = await b.claim({ office: 'control', holder: 'y', leaseMs: 60_000 });
      const refused = await one.commit([{ verb: 'put', resource: model('b') }], actor, old);
      expect(refused).toMatchObject({ ok: false, problem: { code: 'superseded' } });
      expect(await other.commit([{ verb: 'put', resource: model('c') }], actor, now)).toMatchObject({
        ok: true,
      });
      expect((await other.list('Model')).map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
      expect(await one.commit([{ verb: 'put', resource: model('d') }], actor)).toMatchObject({ ok: true });
      await close();
    });

    test('go by one clock, which moves on', async () => {
      const { a, b, close } = await two();
      const before = await a.nowMs();
      await pass(300);
      const after = await b.nowMs();
      expect(after - before).toBeGreaterThanOrEqual(250);
      await close();
    });

    test('have heard of what others committed once they have caught up', async () => {
      const { one, other, b, close } = await two();
      const heard: string[] = [];
      await other.watch('', ({ resource }) => void heard.push(resource.metadata.name));
      for (let nth = 0; nth < 20; nth += 1) {
        await one.commit([{ verb: 'put', resource: model(`m${nth}`) }], actor);
        await b.catchUp();
        expect(heard).toHaveLength(nth + 1);
      }
      await close();
    });

    test('agree on the value that came first', async () => {
      const { a, b, close } = await two();
      expect(await a.agree('secret', 'one')).toBe('one');
      expect(await b.agree('secret', 'two')).toBe('one');
      expect(await a.agree('other', 'three')).toBe('three');
      await close();
    });
  });
}
