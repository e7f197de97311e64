import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelHistory } from './history.ts';
import { liveAt, type Entry } from './lineage.ts';

const startMs = Date.parse('2026-11-20T10:00:00Z');

function entry(at: number, more: Pick<Entry, 'kind' | 'name'> & Partial<Entry>): Entry {
  return {
    at: new Date(startMs + at * 1000).toISOString(),
    actor: `person-${at}`,
    reason: undefined,
    resourceVersion: String(at + 1),
    ...more,
  };
}

interface Step {
  readonly deployment: string;
  /** Undefined deletes. */
  readonly served: { readonly model: string; readonly version: string } | undefined;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deployment: fc.constantFrom('chat', 'code'),
  served: fc.option(
    fc.record({ model: fc.constantFrom('tiny', 'big'), version: fc.constantFrom('1', '2') }),
    { nil: undefined },
  ),
});

/** What the events of a model say its deployments serve in the end. */
function replayed(model: string, entries: readonly Entry[]): Record<string, string> {
  const live = new Map<string, string>();
  for (const { what } of modelHistory(model, { entries, releases: [] })) {
    const [, deployment = '', version] = /^(\S+) serves (?:version (\S+)|it no longer)$/.exec(what) ?? [];
    if (version === undefined) live.delete(deployment);
    else live.set(deployment, version);
  }
  return Object.fromEntries(live);
}

describe('the history of a model', () => {
  it('leads to what is live', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
        const entries = steps.map(({ deployment, served }, at) =>
          entry(at, { kind: 'Deployment', name: deployment, ...(served && { after: served }) }),
        );
        for (const model of ['tiny', 'big']) {
          const live = liveAt(entries, startMs + 60_000).filter((one) => one.model === model);
          const wanted = Object.fromEntries(live.map((one) => [one.deployment, one.version]));
          expect(replayed(model, entries)).toEqual(wanted);
        }
      }),
    );
  });

  it('tells who, what and why, with the verdicts of releases, and nothing of other models', () => {
    const entries = [
      entry(0, { kind: 'ModelVersion', name: 'tiny.1', after: { model: 'tiny', version: '1' } }),
      entry(1, { kind: 'ModelVersion', name: 'big.1', after: { model: 'big', version: '1' } }),
      entry(2, {
        kind: 'Deployment',
        name: 'chat',
        after: { model: 'tiny', version: '1' },
        reason: 'Launch',
      }),
      entry(3, { kind: 'Deployment', name: 'big', after: { model: 'big', version: '1' } }),
      entry(4, { kind: 'Alias', name: 'chat-prod', after: { deployment: 'chat' } }),
      entry(5, { kind: 'Release', name: 'chat-2', after: { deployment: 'chat', version: '2' } }),
      entry(6, { kind: 'Release', name: 'chat-2', before: {}, after: { deployment: 'chat', version: '2' } }),
      entry(6, {
        kind: 'Release',
        name: 'chat-2',
        before: { deployment: 'chat', version: '2' },
        after: { deployment: 'chat', version: '2', verdict: 'roll-back' },
        reason: 'Wrong prices',
      }),
      entry(9, { kind: 'Alias', name: 'chat-prod', before: { deployment: 'chat' } }),
    ];
    const status = {
      state: 'rolled-back' as const,
      since: new Date(startMs + 7000).toISOString(),
      message: '9 of 100 requests failed, 1 of 900 did before',
    };
    const spec = { deployment: 'chat', version: '2' };
    const releases = [{ metadata: { name: 'chat-2' }, spec, status }];
    const told = modelHistory('tiny', { entries, releases });
    expect(told.map(({ actor, what, reason }) => [actor, what, reason])).toEqual([
      ['person-0', 'version 1 registered', undefined],
      ['person-2', 'chat serves version 1', 'Launch'],
      ['person-4', 'the name chat-prod leads to chat', undefined],
      ['person-5', 'release chat-2 of version 2 to chat begun', undefined],
      ['person-6', 'release chat-2 told to roll back', 'Wrong prices'],
      ['control', 'release chat-2 of version 2 to chat rolled-back', status.message],
      ['person-9', 'the name chat-prod given up', undefined],
    ]);
  });
});
