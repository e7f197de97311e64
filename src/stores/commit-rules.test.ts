import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '#contracts';
import type { Resource } from '#schema';
import { model, put, remove } from '../../test/conformance/store.ts';
import { decideCommit } from './commit-rules.ts';

const name = fc.constantFrom('a', 'b', 'c');
const expectedVersion = fc.option(fc.constantFrom('', '1', '2', '3'), { nil: undefined, freq: 3 });
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(name, fc.constantFrom('x', 'y'), expectedVersion).map(putOf) },
  {
    weight: 1,
    arbitrary: fc.tuple(name, expectedVersion).map(([of, version]) => remove('Model', of, version)),
  },
);
const commits = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

function putOf([of, text, version]: [string, string, string | undefined]): Change {
  return put(model(of, text), version);
}

/** A store as small as can be: what the decisions say, done. */
function apply(all: readonly (readonly Change[])[]) {
  const stored = new Map<string, Resource>();
  const versions: number[] = [];
  for (const changes of all) {
    const before = new Map(stored);
    const decision = decideCommit({
      changes,
      actor: { name: 'ada', tenant: 'default' },
      version: versions.length,
      nowMs: 0,
      lookup: (_, of) => stored.get(of),
    });
    expect(stored).toEqual(before);
    if (!decision.ok) continue;
    expect(decision.resources).toHaveLength(changes.length);
    for (const { type, resource } of decision.events) {
      versions.push(Number(resource.metadata.resourceVersion));
      if (type === 'put') stored.set(resource.metadata.name, resource);
      else stored.delete(resource.metadata.name);
    }
  }
  return { stored, versions };
}

test('versions have no gap, however commits are refused, empty or doubled', () => {
  fc.assert(
    fc.property(commits, (all) => {
      const { versions } = apply(all);
      expect(versions).toEqual(versions.map((_, at) => at + 1));
    }),
  );
});

test('a second, equal commit without expectations changes nothing', () => {
  fc.assert(
    fc.property(commits, fc.tuple(name, fc.constant('x'), fc.constant(undefined)).map(putOf), (all, last) => {
      const once = apply([...all, [last]]);
      const twice = apply([...all, [last], [last]]);
      expect(twice.stored).toEqual(once.stored);
      expect(twice.versions).toEqual(once.versions);
    }),
  );
});
