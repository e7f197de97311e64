import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { problem, ProblemError } from '#schema';
import type { Blobs, ByteRange, Engine, Source, SourceFile } from '#contracts';
import {
  createControlWorld,
  createMemoryBlobs,
  deploymentOf,
  versionOf,
} from '../../../test/world/control-world.ts';
import type { VirtualClock } from '../../../test/world/virtual-clock.ts';

const leave = { replicas: 'leave', graceMs: 0 } as const;
const mebibyte = 1024 * 1024;
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Bytes that begin like a model should, here: with "TOY". */
function modelBytes(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  // Every stretch is different, so that a piece in the wrong place is seen in the digest.
  for (let at = 0; at < sizeBytes; at += 997) bytes[at] = (at >>> 8) & 255;
  bytes.set(new TextEncoder().encode('TOY'));
  return bytes;
}

const toyEngine: Engine = {
  name: 'toy',
  dialect: 'openai',
  formats: ['toy'],
  endpoints: ['/v1/completions'],
  concurrency: () => 1,
  parseOptions: () => ({ ok: true, value: {} }),
  async inspect(file) {
    const magic = new TextDecoder().decode(await file.read(0, 3));
    if (magic !== 'TOY')
      return { ok: false, problem: problem('not_a_model', `It begins with "${magic}", not with "TOY".`) };
    return { ok: true, value: { format: 'toy', facts: { name: file.name, bytes: file.sizeBytes } } };
  },
  launch: () => ({ kind: 'process', entry: 'file:///toy', args: [], env: {} }),
  life: async () => ({ ok: true, value: { state: 'ready', progress: 0, active: 0, queued: 0 } }),
};

interface Shelf {
  bytes: Uint8Array;
  ranged?: boolean;
  digest?: string;
  identity?: string;
  /** Called before each chunk is sent; throws where the source is to fail. */
  beforeChunk?: (range: ByteRange, at: number) => void | Promise<void>;
  beforeOpen?: () => void;
  readonly reads: ByteRange[];
}

/** A source with one file, for `toy:anything`. */
function shelfSource(shelf: Shelf): Source {
  const chunkBytes = mebibyte;
  return {
    scheme: 'toy',
    async open() {
      shelf.beforeOpen?.();
      const file: SourceFile = {
        name: 'model.toy',
        sizeBytes: shelf.bytes.length,
        identity: shelf.identity ?? 'first',
        ranged: shelf.ranged ?? true,
        ...(shelf.digest === undefined ? {} : { digest: shelf.digest }),
        async *read(range, signal) {
          shelf.reads.push(range);
          for (let at = range.from; at < range.to; at += chunkBytes) {
            await shelf.beforeChunk?.(range, at);
            if (signal.aborted) return;
            yield shelf.bytes.slice(at, Math.min(at + chunkBytes, range.to));
          }
        },
      };
      return { ok: true, value: file };
    },
  };
}

function worldWith(shelf: Shelf, blobs: Blobs = createMemoryBlobs()) {
  return createControlWorld({ blobs, sources: [shelfSource(shelf)], engines: [toyEngine] });
}

const unavailable = () => new ProblemError(problem('source_unavailable', 'connection reset'));
const second = async (clock: VirtualClock): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimer(1000, resolve);
  });

describe('a version that is pulled', () => {
  it('is read in pieces at the same time, verified, inspected and ready', async () => {
    const bytes = modelBytes(40 * mebibyte);
    const shelf: Shelf = { bytes, reads: [], digest: sha256(bytes) };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(5000);
    expect((await world.version('demo.1')).status).toMatchObject({
      state: 'ready',
      digest: sha256(bytes),
      sizeBytes: bytes.length,
      format: 'toy',
      facts: { bytes: bytes.length },
    });
    expect(shelf.reads).toHaveLength(5);
    await control.stop(leave);
  });

  it('tells how far it is, at most once a second', async () => {
    const bytes = modelBytes(64 * mebibyte);
    const shelf: Shelf = { bytes, reads: [] };
    const world = worldWith(shelf);
    shelf.beforeChunk = async () => second(world.clock);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(8500);
    const { status } = await world.version('demo.1');
    expect(status).toMatchObject({ state: 'pulling', sizeBytes: bytes.length });
    // Four readers, each 1 MiB a second.
    expect(status?.receivedBytes).toBeGreaterThan(24 * mebibyte);
    expect(Math.abs((status?.remainingMs ?? 0) - 8000)).toBeLessThan(2500);
    await world.clock.advance(10_000);
    expect((await world.version('demo.1')).status?.state).toBe('ready');
    const told = world.history.filter(({ kind }) => kind === 'ModelVersion').length;
    expect(told).toBeLessThanOrEqual(20);
    await control.stop(leave);
  });

  it('goes on where a control plane that ended halfway has left it', async () => {
    const bytes = modelBytes(48 * mebibyte);
    const shelf: Shelf = { bytes, reads: [], digest: sha256(bytes) };
    const world = worldWith(shelf);
    let sentChunks = 0;
    shelf.beforeChunk = async () => {
      sentChunks += 1;
      await second(world.clock);
    };
    const first = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(6500);
    await first.stop(leave);
    expect((await world.version('demo.1')).status?.state).toBe('pulling');
    const before = sentChunks;
    expect(before).toBeLessThan(40);
    const secondControl = await world.control();
    await world.clock.advance(20_000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'ready', digest: sha256(bytes) });
    // What was on its way when the first one ended is all that was sent twice.
    expect(sentChunks).toBeLessThanOrEqual(48 + 4);
    await secondControl.stop(leave);
  });

  it('is refused when its bytes are not those that were announced', async () => {
    const shelf: Shelf = { bytes: modelBytes(1000), reads: [] };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy', digest: sha256(modelBytes(999)) }));
    await world.clock.advance(5000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'failed' });
    const reads = shelf.reads.length;
    await world.clock.advance(3_600_000);
    expect(shelf.reads).toHaveLength(reads);
    await world.put(versionOf({ source: 'toy:model.toy', digest: sha256(shelf.bytes) }));
    await world.clock.advance(5000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'ready' });
    await control.stop(leave);
  });

  it('survives a source that fails three times, and keeps what had come', async () => {
    const bytes = modelBytes(8 * mebibyte);
    let failures = 3;
    const shelf: Shelf = { bytes, reads: [], digest: sha256(bytes) };
    shelf.beforeChunk = (_range, at) => {
      if (at < 3 * mebibyte || failures === 0) return;
      failures -= 1;
      throw unavailable();
    };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(30_000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'ready', digest: sha256(bytes) });
    expect(shelf.reads.map(({ from }) => from / mebibyte)).toEqual([0, 3, 3, 3]);
    await control.stop(leave);
  });

  it('gives up on a source that stays away, and tries again later', async () => {
    const bytes = modelBytes(1000);
    let away = true;
    const shelf: Shelf = {
      bytes,
      reads: [],
      beforeOpen: () => {
        if (away) throw unavailable();
      },
    };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(60_000);
    const { status } = await world.version('demo.1');
    expect(status).toMatchObject({ state: 'failed', message: 'connection reset' });
    expect(status?.nextTryAt).toBeDefined();
    away = false;
    await world.clock.advance(300_000);
    expect((await world.version('demo.1')).status?.state).toBe('ready');
    await control.stop(leave);
  });

  it('asks a source that falls silent once more', async () => {
    const bytes = modelBytes(2 * mebibyte);
    let silent = true;
    const shelf: Shelf = { bytes, reads: [] };
    shelf.beforeChunk = async (_range, at) => {
      if (at === 0 || !silent) return;
      silent = false;
      await new Promise(() => {});
    };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(90_000);
    expect((await world.version('demo.1')).status?.state).toBe('ready');
    await control.stop(leave);
  });

  it('goes on from the start where a source can only be read from there', async () => {
    const bytes = modelBytes(6 * mebibyte);
    let broken = true;
    const shelf: Shelf = { bytes, reads: [], ranged: false, digest: sha256(bytes) };
    shelf.beforeChunk = (_range, at) => {
      if (at < 4 * mebibyte || !broken) return;
      broken = false;
      throw unavailable();
    };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(10_000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'ready', digest: sha256(bytes) });
    expect(shelf.reads.map(({ from }) => from)).toEqual([0, 0]);
    await control.stop(leave);
  });

  it('is forgotten with its bytes when it is deleted on the way', async () => {
    const blobs = createMemoryBlobs({ capacityBytes: 50 * mebibyte });
    const shelf: Shelf = { bytes: modelBytes(40 * mebibyte), reads: [] };
    const world = worldWith(shelf, blobs);
    shelf.beforeChunk = async () => second(world.clock);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(3000);
    await world.remove('ModelVersion', 'demo.1');
    await world.clock.advance(3000);
    const reads = shelf.reads.length;
    await world.clock.advance(30_000);
    expect(shelf.reads).toHaveLength(reads);
    const room = await blobs.begin({ id: 'other', sizeBytes: 45 * mebibyte });
    expect(room.ok).toBe(true);
    await control.stop(leave);
  });

  it('leaves nothing behind when it is deleted after its pull has failed', async () => {
    const blobs = createMemoryBlobs({ capacityBytes: 50 * mebibyte });
    const shelf: Shelf = { bytes: modelBytes(40 * mebibyte), reads: [] };
    shelf.beforeChunk = (_range, at) => {
      if (at >= 3 * mebibyte) throw unavailable();
    };
    const world = worldWith(shelf, blobs);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(60_000);
    expect((await world.version('demo.1')).status?.state).toBe('failed');
    const other = { id: 'other', sizeBytes: 45 * mebibyte };
    expect((await blobs.begin(other)).ok).toBe(false);
    await world.remove('ModelVersion', 'demo.1');
    await world.clock.advance(1000);
    expect((await blobs.begin(other)).ok).toBe(true);
    await control.stop(leave);
  });

  it('fails for good where there is nothing to pull', async () => {
    const shelf: Shelf = { bytes: modelBytes(10), reads: [] };
    let opened = 0;
    shelf.beforeOpen = () => {
      opened += 1;
      throw new ProblemError(problem('not_found', '/x does not exist.'));
    };
    const world = worldWith(shelf);
    const control = await world.control();
    await world.put(versionOf({ source: 'toy:model.toy' }));
    await world.clock.advance(3_600_000);
    const { status } = await world.version('demo.1');
    expect(status).toMatchObject({ state: 'failed', message: '/x does not exist.' });
    expect([status?.nextTryAt, opened]).toEqual([undefined, 1]);
    await control.stop(leave);
  });

  it('fails with a sentence where nothing can pull from its source', async () => {
    const world = worldWith({ bytes: modelBytes(10), reads: [] });
    const control = await world.control();
    await world.put(versionOf({ source: 'gopher:model' }));
    await world.clock.advance(1000);
    expect((await world.version('demo.1')).status).toMatchObject({
      state: 'failed',
      message: 'Cannot pull "gopher:model". Known are `upload`, `toy:`.',
    });
    await control.stop(leave);
  });
});

async function push(blobs: Blobs, bytes: Uint8Array): Promise<string> {
  await blobs.begin({ id: 'push', sizeBytes: bytes.length });
  await blobs.write(
    'push',
    0,
    (async function* () {
      yield bytes;
    })(),
  );
  const blob = await blobs.commit('push');
  return blob.ok ? blob.value.digest : '';
}

describe('a version that is pushed', () => {
  it('waits for its file, then its deployment starts', async () => {
    const memory = createMemoryBlobs();
    const blobs: Blobs = { ...memory, localPath: async (digest) => `/blobs/${digest}` };
    const world = worldWith({ bytes: new Uint8Array(0), reads: [] }, blobs);
    const control = await world.control();
    const bytes = modelBytes(5000);
    await world.put(versionOf({ source: 'upload', digest: sha256(bytes) }));
    await world.put(deploymentOf('chat', { engine: { name: 'toy' } }));
    await world.clock.advance(5000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'pending' });
    expect((await world.deployment('chat')).status?.message).toMatch(/Waits for the model version demo\.1/);
    await push(blobs, bytes);
    await world.clock.advance(5000);
    expect((await world.version('demo.1')).status).toMatchObject({ state: 'ready', format: 'toy' });
    expect((await world.deployment('chat')).status).toMatchObject({ readyReplicas: 1 });
    expect((await world.deployment('chat')).status?.message).toBeUndefined();
    await control.stop(leave);
  });

  it('is refused with the reason when it is not a model', async () => {
    const blobs = createMemoryBlobs();
    const digest = await push(blobs, new TextEncoder().encode('PDF, sorry'));
    const world = worldWith({ bytes: new Uint8Array(0), reads: [] }, blobs);
    const control = await world.control();
    await world.put(versionOf({ source: 'upload', digest }));
    await world.clock.advance(1000);
    expect((await world.version('demo.1')).status).toMatchObject({
      state: 'failed',
      message: 'It begins with "PDF", not with "TOY".',
    });
    const { length } = world.history;
    await world.clock.advance(600_000);
    expect(world.history).toHaveLength(length);
    await control.stop(leave);
  });
});
