import { describe, expect, it } from 'vitest';
import { createControlWorld, createMemoryBlobs, versionOf } from '../../../test/world/control-world.ts';

const leave = { replicas: 'leave', graceMs: 0 } as const;
const minuteMs = 60_000;

async function stage() {
  const blobs = createMemoryBlobs();
  const world = createControlWorld({ blobs });
  let pushes = 0;
  async function push(text: string): Promise<string> {
    const bytes = new TextEncoder().encode(text);
    const id = `push-${(pushes += 1)}`;
    await blobs.begin({ id, sizeBytes: bytes.length });
    await blobs.write(
      id,
      0,
      (async function* () {
        yield bytes;
      })(),
    );
    const blob = await blobs.commit(id);
    return blob.ok ? blob.value.digest : '';
  }
  const digests = async () => (await blobs.list()).map(({ digest }) => digest).toSorted();
  const control = await world.control();
  return { world, control, push, digests };
}

describe('the disk', () => {
  it('keeps the file of a version, and frees it an hour after the version is deleted', async () => {
    const { world, control, push, digests } = await stage();
    const digest = await push('model');
    await world.put(versionOf({ source: 'upload', digest }));
    await world.clock.advance(48 * 60 * minuteMs);
    expect(await digests()).toEqual([digest]);
    await world.remove('ModelVersion', 'demo.1');
    await world.clock.advance(59 * minuteMs);
    expect(await digests()).toEqual([digest]);
    await world.clock.advance(2 * minuteMs);
    expect(await digests()).toEqual([]);
    await control.stop(leave);
  });

  it('keeps what was pushed for as long as it may take to be named, whenever that was', async () => {
    const { world, control, push, digests } = await stage();
    await world.clock.advance(59 * minuteMs);
    const [named, never] = [await push('named late'), await push('never named')];
    await world.clock.advance(59 * minuteMs);
    await world.put(versionOf({ source: 'upload', digest: named }));
    await world.clock.advance(3 * 60 * minuteMs);
    expect(await digests()).toEqual([named]);
    expect(never).not.toBe(named);
    await control.stop(leave);
  });

  it('keeps what a deleted version shares with another one', async () => {
    const { world, control, push, digests } = await stage();
    const digest = await push('shared');
    const one = versionOf({ source: 'upload', digest });
    await world.put(one);
    await world.put({ ...one, metadata: { name: 'demo.2' }, spec: { ...one.spec, version: '2' } });
    await world.remove('ModelVersion', 'demo.1');
    await world.clock.advance(3 * 60 * minuteMs);
    expect(await digests()).toEqual([digest]);
    await control.stop(leave);
  });

  it('keeps every file while there is a version that cannot be read', async () => {
    const { world, control, push, digests } = await stage();
    const digest = await push('whose it is nobody knows');
    const { store } = world.deps;
    Object.assign(store, { unreadable: async () => ['demo.1'] });
    await world.clock.advance(5 * 60 * minuteMs);
    expect(await digests()).toEqual([digest]);
    Object.assign(store, { unreadable: async () => [] });
    await world.clock.advance(3 * 60 * minuteMs);
    expect(await digests()).toEqual([]);
    await control.stop(leave);
  });

  it('survives a listing that fails', async () => {
    const { world, control, push, digests } = await stage();
    await push('nobody wants it');
    const { blobs } = world.deps;
    const whole = { ...blobs };
    Object.assign(blobs, { list: () => Promise.reject(new TypeError('the disk is away')) });
    await world.clock.advance(2 * 60 * minuteMs);
    Object.assign(blobs, whole);
    await world.clock.advance(4 * 60 * minuteMs);
    expect(await digests()).toEqual([]);
    await control.stop(leave);
  });
});
