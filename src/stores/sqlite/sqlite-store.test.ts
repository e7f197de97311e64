import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Change, Store, WatchEvent } from '#contracts';
import { runChild } from '../../../test/conformance/child-process.ts';
import { mountSmallDisk } from '../../../test/conformance/small-disk.ts';
import { commit, inShort, model, put, remove, testStore, watch } from '../../../test/conformance/store.ts';
import { createSqliteStore } from './sqlite-store.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-store-'));
const clock = { nowMs: () => Date.parse('2026-11-20T10:00:00.000Z') };
let path = '';
let stores = 0;

beforeEach(() => {
  stores += 1;
  path = join(root, `${stores}`, 'store.db');
});

afterAll(() => rmSync(root, { recursive: true }));

testStore({ name: 'sqlite', create: (options) => createSqliteStore({ path, ...options }) });

describe('the file', () => {
  test('only its owner can read it, its log included', async () => {
    const store = createSqliteStore({ path, clock });
    await commit(store, [put(model('a'))]);
    const folder = join(path, '..');
    const modes = readdirSync(folder).map((each) => statSync(join(folder, each)).mode & 0o777);
    expect(modes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await store.close();
  });

  test('everything is there again after closing and opening, and versions go on', async () => {
    const first = createSqliteStore({ path, clock });
    const [stored] = await commit(first, [put(model('a', 'one'))]);
    await commit(first, [put(model('b')), remove('Model', 'b')]);
    await first.close();
    await expect(first.get('Model', 'a')).rejects.toMatchObject({ problem: { code: 'shutting_down' } });

    const second = createSqliteStore({ path, clock });
    expect(await second.get('Model', 'a')).toEqual(stored);
    expect(await second.version()).toBe('3');
    expect(await second.audit({ limit: 10 })).toHaveLength(3);
    const heard: WatchEvent[] = [];
    await watch(second, '1', heard);
    await commit(second, [put(model('c'))]);
    expect(heard.map(inShort)).toEqual(['put b 2', 'deleted b 3', 'put c 4']);
    await second.close();
  });

  test('that is no database is refused by name', () => {
    const other = join(root, 'other.db');
    writeFileSync(other, 'once upon a time '.repeat(1000));
    expect(() => createSqliteStore({ path: other, clock })).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          code: 'store_unusable',
          message: expect.stringContaining('other.db'),
        }),
      }),
    );
    expect(readFileSync(other, 'utf8')).toContain('once upon a time');
  });

  test('with a damaged page is refused when it is opened', async () => {
    const store = createSqliteStore({ path, clock });
    for (let at = 0; at < 200; at += 1) await commit(store, [put(model(`m${at}`, 'x'.repeat(500)))]);
    await store.close();
    const bytes = readFileSync(path);
    for (let page = 8; page < 14; page += 1) bytes.fill(0x5a, page * 4096, page * 4096 + 4096);
    const damaged = join(root, 'damaged.db');
    writeFileSync(damaged, bytes);
    expect(() => createSqliteStore({ path: damaged, clock })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'store_unusable' }) }),
    );
  });

  test('that belongs to another program is refused and left alone', () => {
    const foreign = join(root, 'foreign.db');
    const database = new Database(foreign);
    database.exec('CREATE TABLE recipes (title TEXT)');
    database.close();
    expect(() => createSqliteStore({ path: foreign, clock })).toThrow(/another program/);
    expect(new Database(foreign).prepare('SELECT * FROM recipes').all()).toEqual([]);
  });

  test('a stored resource that no longer fits its schema is named, not served', async () => {
    const store = createSqliteStore({ path, clock });
    await commit(store, [put(model('a'))]);
    const database = new Database(path);
    database.exec(`UPDATE resources SET body = replace(body, '"chat"', '"juggling"')`);
    database.close();
    await expect(store.get('Model', 'a')).rejects.toMatchObject({ problem: { code: 'store_unusable' } });
    await store.close();
  });

  test('with one resource that cannot be read serves all others, says so once, and lets it be deleted', async () => {
    const faults: unknown[] = [];
    const store = createSqliteStore({ path, clock, onListenerFault: (fault) => faults.push(fault) });
    await commit(store, [put(model('a')), put(model('b')), put(model('c'))]);
    const database = new Database(path);
    for (const table of ['resources', 'changes'])
      database.exec(
        `UPDATE ${table} SET body = replace(body, '"chat"', '"juggling"') WHERE body LIKE '%"name":"b"%'`,
      );
    database.close();
    const names = async () => (await store.list('Model')).map((each) => each.metadata.name);
    expect(await names()).toEqual(['a', 'c']);
    expect([await store.unreadable?.('Model'), await store.unreadable?.('Key')]).toEqual([['b'], []]);
    const heard: WatchEvent[] = [];
    await watch(store, '0', heard);
    expect(heard.map(inShort)).toEqual(['put a 1', 'put c 3']);
    const named = { code: 'store_unusable', message: expect.stringContaining('Model "b"') };
    expect(faults).toEqual([expect.objectContaining({ problem: expect.objectContaining(named) })]);

    const again = await store.commit([put(model('b'))], { name: 'ada', tenant: 'default' });
    expect(again).toMatchObject({ ok: false, problem: { code: 'store_unusable' } });
    const stale = await store.commit([remove('Model', 'b', '1')], { name: 'ada', tenant: 'default' });
    expect(stale).toMatchObject({ ok: false, problem: { code: 'version_conflict' } });
    await commit(store, [remove('Model', 'b', '2')]);
    expect(heard.map(inShort)).toEqual(['put a 1', 'put c 3', 'deleted b 4']);
    await commit(store, [put(model('b'), '')]);
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect(await store.unreadable?.('Model')).toEqual([]);
    await store.close();
  });
});

describe('two at once', () => {
  test('two stores on one file take turns; each watcher hears everything in order', async () => {
    const left = createSqliteStore({ path, clock });
    const right = createSqliteStore({ path, clock });
    const heard: WatchEvent[] = [];
    await watch(left, '', heard);
    await commit(left, [put(model('a'))]);
    await commit(right, [put(model('b'))]);
    await commit(right, [put(model('c'))]);
    await commit(left, [put(model('d'))]);
    expect(heard.map(inShort)).toEqual(['put a 1', 'put b 2', 'put c 3', 'put d 4']);
    expect(await right.list('Model')).toHaveLength(4);
    await left.close();
    await right.close();
  });

  test('a process that writes meanwhile costs no commit', async () => {
    const child = runChild(committing, [path, 'child']);
    await child.printed(5);
    const store = openPatiently();
    for (let at = 0; at < 50; at += 1) await commitPatiently(store, put(model(`parent-${at}`)));
    await child.kill();
    const names = new Set((await store.list('Model')).map((each) => each.metadata.name));
    for (let at = 0; at < 50; at += 1) expect(names).toContain(`parent-${at}`);
    for (const line of child.lines) expect(names).toContain(line.split(' ')[0]);
    expect(Number(await store.version())).toBe(names.size);
    await store.close();
    // Each wait for the lock may take its full two seconds.
  }, 240_000);

  test('a lock that is never given back is a clear refusal, not a hang', async () => {
    const store = createSqliteStore({ path, clock });
    const blocker = new Database(path);
    blocker.exec('BEGIN IMMEDIATE');
    expect(await store.commit([put(model('a'))], { name: 'ada', tenant: 'default' })).toMatchObject({
      ok: false,
      problem: { code: 'internal', message: expect.stringContaining('locked') },
    });
    blocker.exec('ROLLBACK');
    await commit(store, [put(model('a'))]);
    expect(await store.version()).toBe('1');
    await store.close();
  });
});

describe('the worst', () => {
  test('kill -9 in the middle of commits: everything acknowledged is there', async () => {
    const child = runChild(committing, [path, 'm']);
    await child.printed(60);
    await child.kill();
    expect(child.lines.length).toBeGreaterThanOrEqual(60);

    const store = createSqliteStore({ path, clock });
    const stored = new Map((await store.list('Model')).map((each) => [each.metadata.name, each.metadata]));
    for (const line of child.lines) {
      const [name, version] = line.split(' ');
      expect(stored.get(name ?? '')?.resourceVersion).toBe(version);
    }
    expect(await store.audit({ limit: 1000 })).toHaveLength(Math.min(stored.size, 1000));
    await store.close();
  });

  test('a full disk refuses the commit and leaves nothing half-written', async (context) => {
    const disk = mountSmallDisk(1024 * 1024);
    if (!disk.ok) {
      context.skip(disk.reason);
      return;
    }
    const full = join(disk.path, 'store.db');
    const store = createSqliteStore({ path: full, clock });
    let acknowledged = 0;
    let refusal;
    for (let at = 0; at < 1000 && !refusal; at += 1) {
      const changes = [put(model(`a${at}`, 'x'.repeat(4000))), put(model(`b${at}`, 'x'.repeat(4000)))];
      const done = await store.commit(changes, { name: 'ada', tenant: 'default' });
      if (done.ok) acknowledged += 2;
      else refusal = done.problem;
    }
    expect(refusal).toMatchObject({ code: 'storage_full' });
    expect(acknowledged).toBeGreaterThan(0);
    expect(await store.list('Model')).toHaveLength(acknowledged);
    expect(await store.version()).toBe(`${acknowledged}`);
    await store.close().catch(() => undefined);

    const again = createSqliteStore({ path: full, clock });
    expect(await again.list('Model')).toHaveLength(acknowledged);
    await again.close().catch(() => undefined);
    expect(existsSync(full)).toBe(true);
    disk.remove();
  });
});

/** On a busy machine the other process may hold the lock for longer than one waits; then it says "Try again". */
function openPatiently(): Store {
  for (;;)
    try {
      return createSqliteStore({ path, clock });
    } catch (fault) {
      if (!String(fault).includes('Another process keeps the store locked')) throw fault;
    }
}

async function commitPatiently(store: Store, change: Change): Promise<void> {
  for (;;) {
    const done = await store.commit([change], { name: 'ada', tenant: 'default' });
    if (done.ok) return;
    expect(done.problem.message).toContain('Another process keeps the store locked');
  }
}

/** Commits one model after another and prints each once it has been acknowledged. */
const committing = `
import { createSqliteStore } from '#stores';
const [path, prefix] = process.argv.slice(1);
const store = createSqliteStore({ path, clock: { nowMs: () => Date.now() } });
for (let at = 0; at < 100000; at += 1) {
  const resource = {
    apiVersion: 'millrace.dev/v1', kind: 'Model', metadata: { name: prefix + at }, spec: { task: 'chat' },
  };
  const commit = () => store.commit([{ verb: 'put', resource }], { name: 'child', tenant: 'default' });
  let done = await commit();
  while (!done.ok && done.problem.message.includes('keeps the store locked')) done = await commit();
  if (!done.ok) throw new Error(done.problem.message);
  process.stdout.write(prefix + at + ' ' + done.resources[0].metadata.resourceVersion + '\\n');
}
`;
