import { describe, expect, test } from 'vitest';
import type { Actor, Change, Clock, Store, WatchEvent } from '#contracts';
import type { Deployment, Key, Model, ModelVersion, Replica, Resource } from '#schema';
import { resourceSchemas } from '#schema';

interface StoreOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly historyChangesMax?: number;
  readonly onListenerFault?: (fault: unknown) => void;
}

interface StoreUnderTest {
  readonly name: string;
  /** An empty store. */
  readonly create: (options: StoreOptions) => Promise<Store> | Store;
}

const ada: Actor = { name: 'ada', tenant: 'research', reason: 'because' };
const startMs = Date.parse('2026-11-20T10:00:00.000Z');
const hash = 'ab'.repeat(32);

/** What every store promises: contracts/store.ts, sentence by sentence. */
export function testStore({ name, create }: StoreUnderTest): void {
  /** A store whose clock stands still until it is moved. */
  async function open(options: Omit<StoreOptions, 'clock'> = {}) {
    const time = { nowMs: startMs };
    const store = await create({ clock: { nowMs: () => time.nowMs }, ...options });
    return { store, time };
  }

  describe(`store ${name}: versions`, () => {
    test('an empty store is at version 0 and has nothing', async () => {
      const { store } = await open();
      expect(await store.version()).toBe('0');
      expect(await store.get('Model', 'demo')).toBeUndefined();
      expect(await store.list('Model')).toEqual([]);
      expect(await store.audit({ limit: 10 })).toEqual([]);
      await store.close();
    });

    test('versions are one sequence over all kinds, one for each change', async () => {
      const { store } = await open();
      const first = await commit(store, [put(model('a')), put(deployment('a'))]);
      const second = await commit(store, [put(model('b'))]);
      expect([...first, ...second].map((each) => each.metadata.resourceVersion)).toEqual(['1', '2', '3']);
      expect(await store.version()).toBe('3');
      await store.close();
    });

    test('a new resource gets generation 1 and the time of the clock, whatever it came with', async () => {
      const { store } = await open();
      const forged = model('a');
      forged.metadata = {
        name: 'a',
        resourceVersion: '77',
        generation: 9,
        createdAt: '2001-01-01T00:00:00Z',
      };
      const [stored] = await commit(store, [put(forged)]);
      const metadata = {
        name: 'a',
        resourceVersion: '1',
        generation: 1,
        createdAt: '2026-11-20T10:00:00.000Z',
      };
      expect(stored).toEqual({ ...forged, metadata });
      expect(await store.get('Model', 'a')).toEqual(stored);
      await store.close();
    });

    test('the generation grows with the spec only; createdAt stays', async () => {
      const { store, time } = await open();
      await commit(store, [put(model('a', 'one'))]);
      time.nowMs += 5000;
      const [changed] = await commit(store, [put(model('a', 'two'))]);
      expect(changed?.metadata).toMatchObject({ generation: 2, resourceVersion: '2' });
      const labelled = model('a', 'two');
      labelled.metadata.labels = { team: 'x' };
      const [relabelled] = await commit(store, [put(labelled)]);
      expect(relabelled?.metadata).toMatchObject({ generation: 2, resourceVersion: '3' });
      expect(relabelled?.metadata.createdAt).toBe('2026-11-20T10:00:00.000Z');
      await store.close();
    });

    test('a put equal to what is stored changes nothing and keeps its version', async () => {
      const { store } = await open();
      const [stored] = await commit(store, [put(deployment('a'))]);
      const heard: WatchEvent[] = [];
      await watch(store, '', heard);
      const again = deployment('a');
      again.spec.engine = { options: {}, name: 'fake' };
      const [same] = await commit(store, [put(again)]);
      expect(same).toEqual(stored);
      expect(await store.version()).toBe('1');
      expect(heard).toEqual([]);
      expect(await store.audit({ limit: 10 })).toHaveLength(1);
      await store.close();
    });

    test('a name that was deleted and comes back is a new resource', async () => {
      const { store, time } = await open();
      await commit(store, [put(model('a', 'one'))]);
      await commit(store, [put(model('a', 'two'))]);
      await commit(store, [remove('Model', 'a')]);
      time.nowMs += 60_000;
      const [back] = await commit(store, [put(model('a', 'two'))]);
      expect(back?.metadata).toMatchObject({
        generation: 1,
        resourceVersion: '4',
        createdAt: '2026-11-20T10:01:00.000Z',
      });
      await store.close();
    });
  });

  describe(`store ${name}: commits`, () => {
    test('a stale version is refused with both versions named, and nothing of the commit happens', async () => {
      const { store } = await open();
      await commit(store, [put(model('a', 'one'))]);
      await commit(store, [put(model('a', 'two'))]);
      const refused = await store.commit([put(model('b')), put(model('a', 'three'), '1')], ada);
      expect(refused).toMatchObject({ ok: false, at: 1, problem: { code: 'version_conflict' } });
      expect(refused.ok ? '' : refused.problem.message).toMatch(/at version 2.*at version 1/);
      expect(await store.get('Model', 'b')).toBeUndefined();
      expect(await store.version()).toBe('2');
      expect(await store.audit({ limit: 10 })).toHaveLength(2);
      await store.close();
    });

    test('the right version is accepted, and an empty one means "must not exist"', async () => {
      const { store } = await open();
      await commit(store, [put(model('a', 'one'), '')]);
      expect(await store.commit([put(model('a', 'two'), '')], ada)).toMatchObject({
        ok: false,
        problem: { code: 'version_conflict' },
      });
      await commit(store, [put(model('a', 'two'), '1')]);
      expect(await store.commit([put(model('b'), '2')], ada)).toMatchObject({
        ok: false,
        problem: { code: 'version_conflict' },
      });
      await store.close();
    });

    test('changes of one commit see each other', async () => {
      const { store } = await open();
      const [, last] = await commit(store, [put(model('a', 'one')), put(model('a', 'two'), '1')]);
      expect(last?.metadata).toMatchObject({ resourceVersion: '2', generation: 2 });
      await commit(store, [remove('Model', 'a'), put(model('a', 'three'), '')]);
      expect((await store.get('Model', 'a'))?.metadata).toMatchObject({
        resourceVersion: '4',
        generation: 1,
      });
      await store.close();
    });

    test('what is deleted is gone and comes back as the answer', async () => {
      const { store } = await open();
      const [stored] = await commit(store, [put(model('a'))]);
      const [deleted] = await commit(store, [remove('Model', 'a', '1')]);
      expect(deleted).toEqual({ ...stored, metadata: { ...stored?.metadata, resourceVersion: '2' } });
      expect(await store.get('Model', 'a')).toBeUndefined();
      expect(await store.list('Model')).toEqual([]);
      await store.close();
    });

    test('deleting what is not there, or another version of it, is refused', async () => {
      const { store } = await open();
      expect(await store.commit([remove('Model', 'a')], ada)).toMatchObject({
        ok: false,
        at: 0,
        problem: { code: 'not_found' },
      });
      await commit(store, [put(model('a'))]);
      expect(await store.commit([remove('Model', 'a', '9')], ada)).toMatchObject({
        ok: false,
        problem: { code: 'version_conflict' },
      });
      expect(await store.get('Model', 'a')).toBeDefined();
      await store.close();
    });

    test('a list has one kind, ordered by name', async () => {
      const { store } = await open();
      await commit(
        store,
        ['b', 'a.1', 'a', 'a-1', '0'].map((each) => put(model(each))),
      );
      await commit(store, [put(deployment('z'))]);
      expect((await store.list('Model')).map((each) => each.metadata.name)).toEqual([
        '0',
        'a',
        'a-1',
        'a.1',
        'b',
      ]);
      await store.close();
    });

    test('neither the giver nor a reader can change what is stored', async () => {
      const { store } = await open();
      const mine = deployment('a');
      mine.spec.engine.options = { nested: { delayMs: 5 } };
      await commit(store, [put(mine)]);
      mine.spec.engine.options['nested'] = 'changed afterwards';
      const read = await store.get('Deployment', 'a');
      expect(() => Object.assign(read?.spec ?? {}, { version: 'changed by a reader' })).toThrow(TypeError);
      expect(await store.get('Deployment', 'a')).toMatchObject({
        spec: { version: '1', engine: { options: { nested: { delayMs: 5 } } } },
      });
      await store.close();
    });

    test('what could not be read back is refused, and nothing of its commit happens', async () => {
      const { store } = await open();
      const version = modelVersion('demo.1', { contextLength: Number.NaN });
      const refused = await store.commit([put(model('a')), put(version)], ada);
      expect(refused).toMatchObject({ ok: false, at: 1, problem: { code: 'invalid_resource' } });
      expect(refused.ok ? '' : refused.problem.message).toMatch(/demo\.1.*contextLength/s);
      expect(await store.version()).toBe('0');
      await commit(store, [put(modelVersion('demo.1', { contextLength: 128 }))]);
      expect(await store.list('ModelVersion')).toHaveLength(1);
      await store.close();
    });

    test('commits made at once are all applied, each once', async () => {
      const { store } = await open();
      const names = Array.from({ length: 40 }, (_, at) => `m${at}`);
      await Promise.all(names.map((each) => commit(store, [put(model(each))])));
      expect(await store.version()).toBe('40');
      expect(await store.list('Model')).toHaveLength(40);
      await store.close();
    });
  });

  describe(`store ${name}: watch`, () => {
    test('tells every change after now, in order, until it is stopped', async () => {
      const { store } = await open();
      await commit(store, [put(model('before'))]);
      const heard: WatchEvent[] = [];
      const stop = await watch(store, '', heard);
      await commit(store, [put(model('a', 'one')), put(model('b'))]);
      await commit(store, [put(model('a', 'two'))]);
      await commit(store, [remove('Model', 'b')]);
      stop();
      await commit(store, [put(model('after'))]);
      expect(heard.map(inShort)).toEqual(['put a 2', 'put b 3', 'put a 4', 'deleted b 5']);
      await store.close();
    });

    test('replays what came after a version, then goes on', async () => {
      const { store } = await open();
      await commit(store, [put(model('a', 'one')), put(model('b'))]);
      await commit(store, [put(model('a', 'two')), remove('Model', 'b')]);
      const heard: WatchEvent[] = [];
      await watch(store, '1', heard);
      await commit(store, [put(model('c'))]);
      expect(heard.map(inShort)).toEqual(['put b 2', 'put a 3', 'deleted b 4', 'put c 5']);
      expect(heard[1]?.resource).toEqual(await store.get('Model', 'a'));
      const all: WatchEvent[] = [];
      await watch(store, '0', all);
      expect(all.map(inShort)).toEqual(['put a 1', ...heard.map(inShort)]);
      await store.close();
    });

    test('refuses a version that the history has forgotten, or that never was', async () => {
      const { store } = await open({ historyChangesMax: 3 });
      for (let round = 1; round <= 10; round += 1) await commit(store, [put(model('a', `${round}`))]);
      const heard: WatchEvent[] = [];
      for (const version of ['0', '6', '11', 'yesterday', '-1']) {
        expect(await store.watch(version, (event) => heard.push(event))).toMatchObject({
          ok: false,
          problem: { code: 'version_expired' },
        });
      }
      await watch(store, '7', heard);
      expect(heard.map(inShort)).toEqual(['put a 8', 'put a 9', 'put a 10']);
      await store.close();
    });

    test('a listener that throws is dropped and reported; the others hear on', async () => {
      const faults: unknown[] = [];
      const { store } = await open({ onListenerFault: (fault) => faults.push(fault) });
      const heard: WatchEvent[] = [];
      await store.watch('', () => {
        throw new TypeError('listener broke');
      });
      await watch(store, '', heard);
      await commit(store, [put(model('a'))]);
      await commit(store, [put(model('b'))]);
      expect(heard.map(inShort)).toEqual(['put a 1', 'put b 2']);
      expect(faults).toEqual([new TypeError('listener broke')]);
      await store.close();
    });

    test('a listener that commits does not make others hear the later change first', async () => {
      const { store } = await open();
      const heard: WatchEvent[] = [];
      await store.watch('', (event) => {
        if (event.resource.metadata.name === 'a') void store.commit([put(model('echo'))], ada);
      });
      await watch(store, '', heard);
      await commit(store, [put(model('a')), put(model('b'))]);
      await expect.poll(() => heard.map(inShort)).toEqual(['put a 1', 'put b 2', 'put echo 3']);
      await store.close();
    });

    test('a watcher may stop from within, and hears nothing more of that commit', async () => {
      const { store } = await open();
      const heard: string[] = [];
      const watched = await store.watch('', (event) => {
        heard.push(inShort(event));
        if (watched.ok) watched.stop();
      });
      await commit(store, [put(model('a')), put(model('b'))]);
      expect(heard).toEqual(['put a 1']);
      await store.close();
    });
  });

  describe(`store ${name}: audit`, () => {
    test('tells who changed what, when and why, newest first', async () => {
      const { store, time } = await open();
      await commit(store, [put(model('a', 'one'))]);
      time.nowMs += 1000;
      await store.commit([put(model('a', 'two'))], { name: 'bob', tenant: 'default' });
      await commit(store, [remove('Model', 'a')]);
      const shared = { kind: 'Model', name: 'a' };
      const one = { task: 'chat', description: 'one' };
      const two = { task: 'chat', description: 'two' };
      const later = '2026-11-20T10:00:01.000Z';
      const byAda = { actor: 'ada', tenant: 'research', reason: 'because' };
      expect(await store.audit({ limit: 10 })).toEqual([
        { ...shared, ...byAda, at: later, verb: 'delete', resourceVersion: '3', before: two },
        {
          ...shared,
          actor: 'bob',
          tenant: 'default',
          at: later,
          verb: 'update',
          resourceVersion: '2',
          before: one,
          after: two,
        },
        {
          ...shared,
          ...byAda,
          at: '2026-11-20T10:00:00.000Z',
          verb: 'create',
          resourceVersion: '1',
          after: one,
        },
      ]);
      await store.close();
    });

    test('leaves out replicas and changes of status alone, but not labels', async () => {
      const { store } = await open();
      await commit(store, [put(deployment('a')), put(replica('a-1'))]);
      await commit(store, [
        put({ ...deployment('a'), status: { replicas: 1, readyReplicas: 0, restarts: 0 } }),
      ]);
      await commit(store, [remove('Replica', 'a-1')]);
      expect(await store.version()).toBe('4');
      expect((await store.audit({ limit: 10 })).map((entry) => entry.verb)).toEqual(['create']);
      const labelled = deployment('a');
      labelled.metadata.annotations = { note: 'x' };
      await commit(store, [put(labelled)]);
      expect((await store.audit({ limit: 10 })).map((entry) => entry.verb)).toEqual(['update', 'create']);
      await store.close();
    });

    test("never holds a key's hash", async () => {
      const { store } = await open();
      await commit(store, [put(key('k'))]);
      const rehashed = key('k');
      rehashed.spec.hash = 'cd'.repeat(32);
      await commit(store, [put(rehashed)]);
      await commit(store, [remove('Key', 'k')]);
      const entries = await store.audit({ limit: 10 });
      expect(entries.map((entry) => entry.verb)).toEqual(['delete', 'update', 'create']);
      expect(JSON.stringify(entries)).not.toMatch(/hash|abab|cdcd/);
      expect(entries[2]?.after).toMatchObject({ tenant: 'default', scopes: ['infer'] });
      await store.close();
    });

    test('forgets what is old, but not what stood at that moment', async () => {
      const { store, time } = await open();
      await commit(store, [put(model('a', 'one')), put(model('b')), put(model('c'))]);
      time.nowMs += 1000;
      await commit(store, [put(model('a', 'two')), remove('Model', 'b')]);
      time.nowMs += 1000;
      await commit(store, [put(model('a', 'three'))]);
      const told = async () =>
        (await store.audit({ limit: 10 })).map((entry) => `${entry.verb} ${entry.name}`);
      await store.forgetAudit(startMs + 1000);
      expect(await told()).toEqual(['update a', 'delete b', 'update a', 'create c', 'create b', 'create a']);
      await store.forgetAudit(startMs + 1001);
      expect(await told()).toEqual(['update a', 'update a', 'create c']);
      expect(await store.audit({ name: 'a', untilMs: startMs + 1500, limit: 1 })).toMatchObject([
        { after: { description: 'two' }, actor: 'ada' },
      ]);
      await store.close();
    });

    test('answers by kind, name, time and number', async () => {
      const { store, time } = await open();
      for (const each of ['a', 'b', 'c']) {
        await commit(store, [put(model(each)), put(deployment(each))]);
        time.nowMs += 1000;
      }
      const named = async (query: Parameters<Store['audit']>[0]) =>
        (await store.audit(query)).map((entry) => `${entry.kind} ${entry.name}`);
      expect(await named({ kind: 'Model', limit: 2 })).toEqual(['Model c', 'Model b']);
      expect(await named({ name: 'a', limit: 10 })).toEqual(['Deployment a', 'Model a']);
      expect(await named({ kind: 'Model', name: 'b', limit: 10 })).toEqual(['Model b']);
      const second = startMs + 1000;
      expect(await named({ fromMs: second, untilMs: second, limit: 10 })).toEqual([
        'Deployment b',
        'Model b',
      ]);
      expect(await named({ fromMs: second + 1, limit: 10 })).toEqual(['Deployment c', 'Model c']);
      await store.close();
    });
  });
}

export async function commit(store: Store, changes: readonly Change[]): Promise<readonly Resource[]> {
  const done = await store.commit(changes, ada);
  if (!done.ok) throw new TypeError(`commit refused: ${done.problem.message}`);
  return done.resources;
}

export async function watch(store: Store, since: string, heard: WatchEvent[]): Promise<() => void> {
  const watched = await store.watch(since, (event) => heard.push(event));
  if (!watched.ok) throw new TypeError(`watch refused: ${watched.problem.message}`);
  return watched.stop;
}

export function inShort({ type, resource }: WatchEvent): string {
  return `${type} ${resource.metadata.name} ${resource.metadata.resourceVersion}`;
}

export function put(resource: Resource, expectedVersion?: string): Change {
  return { verb: 'put', resource, expectedVersion };
}

export function remove(kind: Resource['kind'], name: string, expectedVersion?: string): Change {
  return { verb: 'delete', kind, name, expectedVersion };
}

export function model(name: string, description?: string): Model {
  return resourceSchemas.Model.parse({ kind: 'Model', metadata: { name }, spec: { description } });
}

function deployment(name: string): Deployment {
  const spec = { model: 'demo', version: '1', engine: { name: 'fake' } };
  return resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name }, spec });
}

function modelVersion(name: string, facts: Readonly<Record<string, number>>): ModelVersion {
  const spec = { model: 'demo', version: '1', source: 'upload' };
  const version = resourceSchemas.ModelVersion.parse({ kind: 'ModelVersion', metadata: { name }, spec });
  return { ...version, status: { state: 'ready', facts: { ...facts } } };
}

function key(name: string): Key {
  return resourceSchemas.Key.parse({ kind: 'Key', metadata: { name }, spec: { hash } });
}

function replica(name: string): Replica {
  const spec = {
    deployment: 'a',
    model: 'demo',
    version: '1',
    generation: 1,
    engine: 'fake',
    substrate: 'fake',
  };
  return resourceSchemas.Replica.parse({ kind: 'Replica', metadata: { name }, spec });
}
