import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liveAt, servedHistory } from './lineage.ts';

const startMs = Date.parse('2026-11-20T10:00:00Z');

interface Step {
  readonly name: string;
  /** Undefined deletes. */
  readonly version: string | undefined;
  readonly replicas: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom('chat', 'code', 'mail'),
  version: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
  replicas: fc.nat(2),
});

function entriesOf(steps: readonly Step[]) {
  return steps.map(({ name, version, replicas }, at) => ({
    kind: 'Deployment',
    name,
    at: new Date(startMs + at * 1000).toISOString(),
    actor: `person-${at}`,
    reason: undefined,
    resourceVersion: String(at + 1),
    ...(version !== undefined && { after: { model: name, version, replicas: { min: replicas } } }),
  }));
}

describe('what was live', () => {
  it('is what a naive model says, at every moment and in whatever order the log comes', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), fc.nat(45), fc.boolean(), (steps, second, turned) => {
        const naive = new Map<string, string>();
        for (const { name, version } of steps.slice(0, second + 1))
          if (version === undefined) naive.delete(name);
          else naive.set(name, version);
        const entries = entriesOf(steps);
        const live = liveAt(turned ? entries.toReversed() : entries, startMs + second * 1000);
        expect(Object.fromEntries(live.map((one) => [one.deployment, one.version]))).toEqual(
          Object.fromEntries(naive),
        );
      }),
    );
  });

  it('names who made it so, not who changed something else later', () => {
    const entries = entriesOf([
      { name: 'chat', version: '1', replicas: 1 },
      { name: 'chat', version: '2', replicas: 1 },
      { name: 'chat', version: '2', replicas: 5 },
    ]);
    expect(liveAt(entries, startMs + 60_000)).toMatchObject([{ version: '2', actor: 'person-1' }]);
    expect(servedHistory(entries)).toHaveLength(2);
  });

  it('tells the addresses of a server from each other', () => {
    const [first, second] = ['http://one/', 'http://two/'].map((url) => ({
      name: 'openai',
      options: {},
      urls: [url],
    }));
    const entries = entriesOf([
      { name: 'chat', version: '1', replicas: 1 },
      { name: 'chat', version: '1', replicas: 1 },
    ]).map((entry, at) => ({
      ...entry,
      after: { model: 'chat', version: '1', engine: at === 0 ? first : second },
    }));
    expect(servedHistory(entries).map(({ served }) => served?.engine)).toEqual([first, second]);
  });

  it('knows nothing of what came later', () => {
    expect(liveAt(entriesOf([{ name: 'chat', version: '1', replicas: 1 }]), startMs - 1)).toEqual([]);
  });
});
