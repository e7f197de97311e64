import { describe, expect, it } from 'vitest';
import type { ModelVersionStatus } from '#schema';
import { versionOf } from '../../../test/world/control-world.ts';
import { namedBy, reconcileBlobs, unnamedGraceMs } from './reconcile.ts';

const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;
const [a, b] = [digestOf('a'), digestOf('b')];
const nowMs = 10 * unnamedGraceMs;

describe('one look at the blobs', () => {
  const story: readonly (readonly [
    string,
    readonly string[],
    readonly string[],
    Readonly<Record<string, number>>,
    readonly string[],
  ])[] = [
    ['nothing is here', [], [], {}, []],
    ['all are named', [a, b], [a, b], {}, []],
    ['one is seen without a name', [a], [a, b], {}, [`note ${b}`, `again ${unnamedGraceMs}`]],
    ['and again, too soon', [a], [a, b], { [b]: nowMs - 1000 }, [`again ${unnamedGraceMs - 1000}`]],
    ['and again, one moment too soon', [], [b], { [b]: nowMs - unnamedGraceMs + 1 }, ['again 1']],
    ['and again after the grace', [a], [a, b], { [b]: nowMs - unnamedGraceMs }, [`delete ${b}`]],
    ['it was named in between', [b], [b], { [b]: 0 }, [`forget ${b}`]],
    ['it went away by itself', [], [], { [b]: 0 }, [`forget ${b}`]],
  ];

  it.each(story)('%s', (...[, named, present, since, expected]) => {
    const unnamedSinceMs = new Map(Object.entries(since));
    const actions = reconcileBlobs(new Set(named), { present, unnamedSinceMs, monotonicMs: nowMs });
    expect(actions.map((one) => `${one.kind} ${one.kind === 'again' ? one.afterMs : one.digest}`)).toEqual(
      expected,
    );
  });
});

it('keeps everything while a version cannot be read', () => {
  const observed = { present: [a, b], unnamedSinceMs: new Map([[b, 0]]), monotonicMs: nowMs };
  expect(reconcileBlobs(undefined, observed)).toEqual([]);
});

describe('a version names', () => {
  const story: readonly (readonly [string, object, ModelVersionStatus | undefined, readonly string[]])[] = [
    ['what it asks for', { source: 'upload', digest: a }, undefined, [a]],
    ['what it found', { source: 'toy:x' }, { state: 'ready', digest: a }, [a]],
    ['both', { source: 'toy:x', digest: b }, { state: 'pulling', digest: a }, [b, a]],
    [
      'what is to be looked at again',
      { source: 'toy:x' },
      { state: 'failed', digest: a, nextTryAt: '2026-01-01T00:00:00.000Z' },
      [a],
    ],
    ['nothing that was refused for good', { source: 'toy:x' }, { state: 'failed', digest: a }, []],
    [
      'what it asks for, refused or not',
      { source: 'upload', digest: a },
      { state: 'failed', digest: a },
      [a],
    ],
  ];

  it.each(story)('%s', (...[, spec, status, expected]) => {
    expect([...namedBy([{ ...versionOf({ ...spec }), status }])]).toEqual(expected);
  });
});
