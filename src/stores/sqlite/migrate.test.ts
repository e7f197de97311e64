import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, expect, test } from 'vitest';
import { commit, model, put } from '../../../test/conformance/store.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { createSqliteStore } from './sqlite-store.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-migrations-'));
const clock = { nowMs: () => Date.parse('2026-11-20T10:00:00.000Z') };

afterAll(() => rmSync(root, { recursive: true }));

const resource = {
  apiVersion: 'millrace.dev/v1',
  kind: 'Model',
  metadata: { name: 'old', resourceVersion: '1', generation: 1, createdAt: '2026-01-01T00:00:00.000Z' },
  spec: { task: 'chat', description: 'from before' },
};
const entry = {
  at: '2026-01-01T00:00:00.000Z',
  actor: 'ada',
  tenant: 'default',
  verb: 'create',
  kind: 'Model',
  name: 'old',
  resourceVersion: '1',
  after: resource.spec,
};

/** What a store of each version held, written the way that version wrote it. */
const fill: Readonly<Record<number, (database: Database.Database) => void>> = {
  1: fillFirst,
  2: fillFirst,
};

function fillFirst(database: Database.Database): void {
  const body = JSON.stringify(resource);
  database
    .prepare('INSERT INTO resources (kind, name, version, body) VALUES (?, ?, ?, ?)')
    .run('Model', 'old', 1, body);
  database.prepare('INSERT INTO changes (version, type, body) VALUES (?, ?, ?)').run(1, 'put', body);
  database
    .prepare('INSERT INTO audit (at_ms, kind, name, body) VALUES (?, ?, ?, ?)')
    .run(Date.parse(entry.at), 'Model', 'old', JSON.stringify(entry));
}

test('steps are numbered without a gap, and each has its old store to be tried on', () => {
  expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, at) => at + 1));
  expect(Object.keys(fill).map(Number)).toEqual(migrations.map((step) => step.version));
});

test.each(migrations.map((step) => step.version))(
  'a store of schema %i keeps its data and can be written to',
  async (version) => {
    const path = join(root, `from-${version}.db`);
    const old = new Database(path);
    migrate(old, migrations.slice(0, version));
    fill[version]?.(old);
    old.close();

    const store = createSqliteStore({ path, clock });
    expect(await store.get('Model', 'old')).toEqual(resource);
    expect(await store.audit({ kind: 'Model', name: 'old', limit: 10 })).toEqual([entry]);
    const [next] = await commit(store, [put(model('new'))]);
    expect(next?.metadata.resourceVersion).toBe('2');
    await store.close();
    expect(schemaOf(path)).toEqual(schemaOf(await freshStore()));
  },
);

test('a store that a newer version wrote is refused, and not touched', () => {
  const path = join(root, 'newer.db');
  const newer = new Database(path);
  migrate(newer, [...migrations, { version: migrations.length + 1, sql: 'CREATE TABLE later (x)' }]);
  newer.close();
  const before = schemaOf(path);
  expect(() => createSqliteStore({ path, clock })).toThrow(/newer\.db: A newer version wrote it/);
  expect(schemaOf(path)).toEqual(before);
});

test('a step that fails leaves the store at the version it had', async () => {
  const path = join(root, 'broken.db');
  const database = new Database(path);
  const broken = { version: migrations.length + 1, sql: 'CREATE TABLE half (x); CREATE TABLE half (x)' };
  migrate(database, migrations);
  expect(() => migrate(database, [...migrations, broken])).toThrow(/half/);
  database.close();
  expect(schemaOf(path)).toEqual(schemaOf(await freshStore()));
  await createSqliteStore({ path, clock }).close();
});

async function freshStore(): Promise<string> {
  const path = join(root, 'fresh.db');
  await createSqliteStore({ path, clock }).close();
  return path;
}

function schemaOf(path: string): unknown[] {
  const database = new Database(path);
  const tables = database.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
  const meta = database.prepare('SELECT * FROM meta').all();
  database.close();
  return [...tables, ...meta];
}
