import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  begin,
  digestOf,
  from,
  noise,
  readAll,
  store,
  testBlobs,
  write,
} from '../../../test/conformance/blobs.ts';
import { runChild } from '../../../test/conformance/child-process.ts';
import { mountSmallDisk } from '../../../test/conformance/small-disk.ts';
import { createDiskBlobs } from './disk-blobs.ts';
import { contentEntry } from './journal.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-blobs-'));
const megabyte = 1024 * 1024;
let dir = '';
let made = 0;

beforeEach(() => {
  made += 1;
  dir = join(root, `${made}`);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

testBlobs({ name: 'disk', create: () => createDiskBlobs({ dir }) });

describe('files', () => {
  test('a blob is a read-only file that an engine can map; its upload leaves nothing behind', async () => {
    const blobs = await createDiskBlobs({ dir });
    const bytes = noise(1000);
    await store(blobs, 'u', bytes);
    const path = (await blobs.localPath?.(digestOf(bytes))) ?? '';
    const hex = digestOf(bytes).slice('sha256:'.length);
    expect(path).toBe(join(dir, 'sha256', hex.slice(0, 2), hex));
    expect(readFileSync(path)).toEqual(bytes);
    expect(statSync(path).mode & 0o777).toBe(0o400);
    expect(statSync(join(dir, 'sha256')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
    expect(await blobs.localPath?.(digestOf(noise(5)))).toBeUndefined();
  });

  test('a reader that began before the delete reads to the end', async () => {
    const blobs = await createDiskBlobs({ dir });
    const bytes = noise(3 * megabyte);
    await store(blobs, 'u', bytes);
    const pieces: Uint8Array[] = [];
    for await (const piece of blobs.read(digestOf(bytes))) {
      if (pieces.length === 0) await blobs.delete(digestOf(bytes));
      pieces.push(piece);
    }
    expect(bytes.equals(Buffer.concat(pieces))).toBe(true);
  });

  test('strange files beside the blobs are not blobs', async () => {
    const blobs = await createDiskBlobs({ dir });
    mkdirSync(join(dir, 'sha256', 'zz'));
    writeFileSync(join(dir, 'sha256', 'zz', 'notes.txt'), 'x');
    expect(await blobs.list()).toEqual([]);
  });
});

describe('an upload across restarts', () => {
  test('goes on from what was acknowledged', async () => {
    const bytes = noise(2 * megabyte);
    const announced = { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) };
    const before = await createDiskBlobs({ dir });
    await begin(before, announced);
    await write(before, 'u', megabyte, [bytes.subarray(megabyte)]);

    const after = await createDiskBlobs({ dir });
    const ranges = [{ from: megabyte, to: 2 * megabyte }];
    expect(await after.upload('u')).toEqual({ ...announced, received: ranges });
    expect(await begin(after, announced)).toMatchObject({ received: ranges });
    await write(after, 'u', 0, [bytes.subarray(0, megabyte)]);
    expect(await after.commit('u')).toMatchObject({ ok: true });
  });

  test('a half-written line in the journal spoils nothing but itself', async () => {
    const before = await createDiskBlobs({ dir });
    await begin(before, { id: 'u', sizeBytes: 30 });
    await write(before, 'u', 0, [noise(10)]);
    appendFileSync(join(dir, 'uploads', 'u', 'journal'), '\n8badf00d {"from":0,"to":3');
    const after = await createDiskBlobs({ dir });
    await write(after, 'u', 20, [noise(5)]);
    const again = await createDiskBlobs({ dir });
    expect(await again.upload('u')).toMatchObject({
      received: [
        { from: 0, to: 10 },
        { from: 20, to: 25 },
      ],
    });
  });

  test('a crash between the final name and the answer: the commit asked again is answered', async () => {
    const bytes = noise(1000);
    const before = await createDiskBlobs({ dir });
    await store(before, 'other', bytes);
    await begin(before, { id: 'u', sizeBytes: 1000 });
    await write(before, 'u', 0, [bytes]);
    const folder = join(dir, 'uploads', 'u');
    appendFileSync(join(folder, 'journal'), contentEntry(digestOf(bytes)));
    const final = (await before.localPath?.(digestOf(bytes))) ?? '';
    renameSync(join(folder, 'data'), final);

    const after = await createDiskBlobs({ dir });
    expect(await after.commit('u')).toEqual({
      ok: true,
      value: { digest: digestOf(bytes), sizeBytes: 1000 },
    });
    expect(existsSync(folder)).toBe(false);
  });

  test('one that nobody wrote to for a week is removed, begun or half-begun: until then another process may be at it', async () => {
    const before = await createDiskBlobs({ dir });
    await begin(before, { id: 'u', sizeBytes: 30 });
    mkdirSync(join(dir, 'uploads', 'half-begun'));
    const dayMs = 24 * 3600 * 1000;
    const writtenMs = statSync(join(dir, 'uploads', 'u', 'journal')).mtimeMs;
    await createDiskBlobs({ dir, clock: { nowMs: () => writtenMs + 6 * dayMs } });
    expect(readdirSync(join(dir, 'uploads')).toSorted()).toEqual(['half-begun', 'u']);
    await createDiskBlobs({ dir, clock: { nowMs: () => writtenMs + 8 * dayMs } });
    expect(readdirSync(join(dir, 'uploads'))).toEqual([]);
  });

  test('kill -9 in the middle of a write: what was acknowledged is there, and the rest can follow', async () => {
    const sizeBytes = 64 * megabyte;
    const child = runChild(writing, [dir, `${sizeBytes}`]);
    await child.printed(3);
    await child.kill();
    const acknowledged = Number(child.lines.at(-1));
    expect(acknowledged).toBeGreaterThan(0);

    const blobs = await createDiskBlobs({ dir });
    const upload = await blobs.upload('u');
    const to = upload?.received[0]?.to ?? 0;
    expect(upload?.received).toHaveLength(1);
    expect(to).toBeGreaterThanOrEqual(acknowledged);
    expect(to).toBeLessThan(sizeBytes);

    const bytes = Buffer.alloc(sizeBytes);
    for (let at = 0; at < sizeBytes; at += megabyte) bytes.fill((at / megabyte) % 251, at, at + megabyte);
    await write(blobs, 'u', to, [bytes.subarray(to)]);
    expect(await blobs.commit('u')).toEqual({ ok: true, value: { digest: digestOf(bytes), sizeBytes } });
  });
});

describe('trouble', () => {
  test('an abort ends a write that runs, and the id is free again', async () => {
    const blobs = await createDiskBlobs({ dir });
    await begin(blobs, { id: 'u', sizeBytes: 100 });
    async function* aborting() {
      yield noise(10);
      await blobs.abort('u');
      yield noise(10);
    }
    expect(await blobs.write('u', 0, aborting())).toMatchObject({
      ok: false,
      problem: { code: 'not_found' },
    });
    expect(await begin(blobs, { id: 'u', sizeBytes: 7 })).toMatchObject({ received: [] });
  });

  test('a commit while a write runs is refused, and so is a write while a commit runs', async () => {
    const blobs = await createDiskBlobs({ dir });
    const bytes = noise(20);
    await begin(blobs, { id: 'u', sizeBytes: 20 });
    async function* committing() {
      yield bytes;
      expect(await blobs.commit('u')).toMatchObject({ ok: false, problem: { code: 'upload_conflict' } });
    }
    await write(blobs, 'u', 0, committing());
    const [commit, again] = await Promise.all([blobs.commit('u'), blobs.write('u', 0, from([bytes]))]);
    expect(commit).toMatchObject({ ok: true });
    expect(again).toMatchObject({ ok: false, problem: { code: 'upload_conflict' } });
  });

  test('a full disk keeps what was acknowledged, and the rest can follow once there is room', async (context) => {
    const disk = mountSmallDisk(3 * megabyte);
    if (!disk.ok) {
      context.skip(disk.reason);
      return;
    }
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2 * megabyte));
    const blobs = await createDiskBlobs({ dir: disk.path });
    const bytes = noise(2 * megabyte);
    await begin(blobs, { id: 'u', sizeBytes: bytes.length, digest: digestOf(bytes) });
    await write(blobs, 'u', 0, [bytes.subarray(0, 300_000)]);
    expect(await blobs.write('u', 300_000, from([bytes.subarray(300_000)]))).toMatchObject({
      ok: false,
      problem: { code: 'storage_full' },
    });
    const reopened = await createDiskBlobs({ dir: disk.path });
    const kept = (await reopened.upload('u'))?.received ?? [];
    expect(kept[0]?.from).toBe(0);
    expect(kept[0]?.to).toBeGreaterThanOrEqual(300_000);

    rmSync(ballast);
    const to = kept[0]?.to ?? 0;
    await write(reopened, 'u', to, [bytes.subarray(to)]);
    expect(await reopened.commit('u')).toMatchObject({ ok: true });
    expect(bytes.equals(await readAll(reopened, digestOf(bytes)))).toBe(true);
    disk.remove();
  });
});

/** Writes an upload slowly, and prints how far it has been acknowledged after each piece. */
const writing = `
import { createDiskBlobs } from '#blobs';
const [dir, size] = process.argv.slice(1);
const blobs = await createDiskBlobs({ dir });
await blobs.begin({ id: 'u', sizeBytes: Number(size) });
const megabyte = 1024 * 1024;
async function* piece(at) {
  for (let part = 0; part < 4; part += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield Buffer.alloc(megabyte, (at / megabyte + part) % 251);
  }
}
for (let at = 0; at < Number(size); at += 4 * megabyte) {
  const done = await blobs.write('u', at, piece(at));
  console.log(done.value.received[0].to);
}
`;
