import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { openTaskDatabase } from './open-database.ts';

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  const open = async (...given: Parameters<typeof real.open>): Promise<files.FileHandle> => {
    const handle = await real.open(...given);
    const sync = handle.datasync.bind(handle);
    handle.datasync = () => (disk.isFull ? Promise.reject(new Error('ENOSPC')) : sync());
    return handle;
  };
  return { ...real, open };
});

const dir = mkdtempSync(join(tmpdir(), 'millrace-sync-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('a sync after one that failed trusts the log no more: it is in the database before anything is answered', async () => {
  const path = join(dir, 'tasks.db');
  const opened = await openTaskDatabase(path);
  const logBytes = (): number => statSync(`${path}-wal`).size;
  const write = (): unknown => opened.database.exec('UPDATE opened SET times = times + 1');
  write();
  await opened.sync();
  expect(logBytes()).toBeGreaterThan(0);
  disk.isFull = true;
  write();
  await expect(opened.sync()).rejects.toThrow('ENOSPC');
  disk.isFull = false;
  write();
  await opened.sync();
  expect(logBytes()).toBe(0);
  write();
  await opened.sync();
  expect(logBytes()).toBeGreaterThan(0);
  await opened.close();
});
