import { describe, expect, it } from 'vitest';
import { resourceSchemas, type ModelVersion, type ModelVersionStatus } from '#schema';
import { versionOf } from '../../../test/world/control-world.ts';
import { wishOf, type PullView } from './pulls.ts';
import { reconcileModelVersion, type ModelVersionObserved } from './reconcile.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const at = (offsetMs: number): string => new Date(nowMs + offsetMs).toISOString();
const digest = `sha256:${'0'.repeat(64)}`;
const other = `sha256:${'1'.repeat(64)}`;
const blob = { digest, sizeBytes: 10 };

function version(spec: Record<string, unknown>, status?: ModelVersionStatus): ModelVersion {
  const plain = versionOf(spec);
  return resourceSchemas.ModelVersion.parse({
    ...plain,
    metadata: { ...plain.metadata, generation: 2 },
    status: status && { observedGeneration: 2, ...status },
  });
}
const pulled = version({ source: 'toy:x' }, { state: 'pulling', receivedBytes: 4, sizeBytes: 10 });
const pull = (change: Partial<PullView> = {}): PullView => ({
  wish: wishOf(pulled),
  state: 'running',
  receivedBytes: 5,
  sizeBytes: 10,
  remainingMs: 1000,
  blob: undefined,
  problem: undefined,
  ...change,
});
const missing = { code: 'not_found', message: 'There is no such file.' } as const;
const ready = { state: 'ready', digest, sizeBytes: 10 } as const;

describe('one look at a version', () => {
  const upload = { source: 'upload', digest };
  const story: readonly [
    string,
    ModelVersion | undefined,
    Partial<ModelVersionObserved>,
    readonly string[],
  ][] = [
    ['deleted', undefined, {}, ['drop-pull']],
    ['deleted while it was pulled', undefined, { pull: pull() }, ['drop-pull']],
    ['new, to be pushed', version(upload), {}, ['pending', 'again']],
    ['new, pushed without a digest', version({ source: 'upload' }), {}, ['failed']],
    ['pushed', version(upload, { state: 'pending' }), { blob }, ['inspect']],
    ['new, needs no file', version({ source: 'none' }), {}, ['ready']],
    ['ready', version(upload, ready), { blob }, []],
    ['ready, other notes', version(upload, { ...ready, observedGeneration: 1 }), { blob }, ['ready']],
    ['ready, its file was lost', version(upload, ready), {}, ['pending', 'again']],
    ['ready, lost, can be pulled', version({ source: 'toy:x' }, ready), {}, ['pull', 'again']],
    [
      'ready, another digest is wanted',
      version({ source: 'toy:x', digest: other }, ready),
      {},
      ['pull', 'again'],
    ],
    ['new, here already', version({ source: 'toy:x', digest }), { blob }, ['inspect']],
    ['new, to be pulled', version({ source: 'toy:x' }), {}, ['pull', 'again']],
    ['from nowhere we know', version({ source: 'gopher:x' }), {}, ['failed']],
    ['pulled by the last control plane', pulled, {}, ['pull', 'again']],
    ['being opened', pulled, { pull: pull({ sizeBytes: undefined, receivedBytes: 0 }) }, []],
    ['being pulled', pulled, { pull: pull() }, ['pulling']],
    ['pulled', pulled, { pull: pull({ state: 'done', blob }) }, ['inspect', 'drop-pull']],
    ['not pulled', pulled, { pull: pull({ state: 'failed', problem: missing }) }, ['failed', 'drop-pull']],
    ['wants something else', pulled, { pull: pull({ wish: 'toy:y' }) }, ['drop-pull', 'again']],
    ['failed for good', version({ source: 'toy:x' }, { state: 'failed' }), {}, []],
    [
      'failed, tried later',
      version({ source: 'toy:x' }, { state: 'failed', nextTryAt: at(9) }),
      {},
      ['again'],
    ],
    [
      'failed, later is now',
      version({ source: 'toy:x' }, { state: 'failed', nextTryAt: at(0) }),
      {},
      ['pull', 'again'],
    ],
    [
      'failed, changed since',
      version({ source: 'toy:x' }, { state: 'failed', observedGeneration: 1 }),
      {},
      ['pull', 'again'],
    ],
  ];

  it.each(story)('%s', (...[, one, change, expected]) => {
    const observed = { blob: undefined, pull: undefined, schemes: ['toy'], ...change };
    const actions = reconcileModelVersion({ name: 'demo.1', version: one }, observed, nowMs);
    expect(
      actions.map((action) => (action.kind === 'write-status' ? action.status.state : action.kind)),
    ).toEqual(expected);
  });
});
