import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseSpec, resourceSchemas, templateAnnotation, type Resource } from '#schema';
import type { Meters } from '#contracts';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import type { Ask } from './ask.ts';
import { createDirectory, createDispatch } from './index.ts';
import { goesToCandidate, type Split } from './split.ts';

function askOf(more: Partial<Ask> = {}): Ask {
  return {
    requestId: 'r',
    tenant: 'default',
    key: 'k',
    priority: 'standard',
    session: undefined,
    promptFrom: -1,
    promptTo: -1,
    modelFrom: -1,
    modelTo: -1,
    stream: false,
    maxTokens: undefined,
    answers: 1,
    model: 'chat',
    endpoint: '/v1/chat/completions',
    body: new TextEncoder().encode('{}'),
    headers: [],
    deadlineMs: undefined,
    ...more,
  };
}

const split: Split = { candidate: 'chat#candidate', share: 0.25, sticky: 'session', salt: 'chat-2' };
const never = () => {
  throw new Error('what is sticky is not drawn by chance');
};

describe('the split of requests', () => {
  it('gives about its share to the candidate, by session, by key, or by chance', () => {
    const count = 4000;
    const part = (of: Split, ask: (at: number) => Ask, chance: () => number) =>
      Array.from({ length: count }, (_, at) => goesToCandidate(of, ask(at), chance)).filter(Boolean).length /
      count;
    const rng = createSeededRng();
    expect(part(split, (at) => askOf({ session: `s${at}` }), never)).toBeCloseTo(0.25, 1);
    expect(part({ ...split, sticky: 'key' }, (at) => askOf({ key: `k${at}` }), never)).toBeCloseTo(0.25, 1);
    expect(
      part(
        split,
        () => askOf(),
        () => rng.next(),
      ),
    ).toBeCloseTo(0.25, 1);
  });

  it('moves nobody back when the share grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(share, share), ([session, salt], shares) => {
        const goes = (part: number) =>
          goesToCandidate({ ...split, salt, share: part }, askOf({ session }), never);
        expect(!goes(Math.min(...shares)) || goes(Math.max(...shares))).toBe(true);
      }),
    );
  });
});

function replica(name: string, version: string): Resource {
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name, annotations: { [templateAnnotation]: `t${version}` } },
    spec: { deployment: 'chat', model: 'tiny', version, generation: 1, engine: 'fake', substrate: 'fake' },
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 1 },
  });
}

function release(share: number | undefined): Resource {
  return resourceSchemas.Release.parse({
    kind: 'Release',
    metadata: { name: 'chat-2' },
    spec: releaseSpec.parse({ deployment: 'chat', version: '2', sticky: 'session' }),
    status: {
      state: 'comparing',
      since: '2026-01-01T00:00:00Z',
      step: 0,
      stepSince: '2026-01-01T00:00:00Z',
      ...(share !== undefined && { split: { candidate: 't2', stable: 't1', share } }),
    },
  });
}

/** Two versions, one place each. */
function createStage() {
  const transport = createFakeTransport();
  const meters: Meters = {
    requestFinished: () => undefined,
    observeInFlight: () => undefined,
    observeAdmissions: () => undefined,
    observeMending: () => undefined,
    replicaStateChanged: () => undefined,
    exposition: () => Promise.resolve(''),
  };
  const directory = createDirectory({ headersOf: () => [] });
  const dispatch = createDispatch({
    directory,
    transport,
    clock: createVirtualClock(),
    rng: createSeededRng(),
    meters,
  });
  const put = (...resources: Resource[]) => {
    for (const resource of resources) directory.apply({ type: 'put', resource });
  };
  put(
    resourceSchemas.Deployment.parse({
      kind: 'Deployment',
      metadata: { name: 'chat' },
      spec: { model: 'tiny', version: '1' },
    }),
    replica('old', '1'),
    replica('new', '2'),
  );
  const problems: string[] = [];
  return {
    transport,
    directory,
    problems,
    put,
    ask: (more: Partial<Ask> = {}) =>
      dispatch.submit(askOf(more), {
        started: () => undefined,
        received: () => true,
        ended: () => undefined,
        failed: ({ code }) => problems.push(code),
      }),
    loads: dispatch.loads,
    sentTo: () => transport.calls.map(({ call }) => call.endpoint),
  };
}

/** Sessions that are drawn for the candidate at any share, and at none. */
const [early = '', late = ''] = [0.01, 0.99].map((share) =>
  Array.from({ length: 2000 }, (_, at) => `s${at}`).find((session) => {
    const goes = goesToCandidate({ ...split, salt: 'chat-2/tiny@2', share }, askOf({ session }), never);
    return share < 0.5 ? goes : !goes;
  }),
);

describe('two versions of a deployment', () => {
  it('serve as the release says, from the next request on', () => {
    const stage = createStage();
    const answer = () => stage.transport.calls.at(-1)?.answer({});
    stage.put(release(0));
    for (const session of [early, late]) {
      stage.ask({ session });
      answer();
    }
    stage.put(release(0.5));
    for (const session of [early, late]) {
      stage.ask({ session });
      answer();
    }
    stage.put(release(1));
    stage.ask({ session: late });
    answer();
    expect(stage.sentTo()).toEqual(['unix:/old', 'unix:/old', 'unix:/new', 'unix:/old', 'unix:/new']);
  });

  it('can be asked for by version while both serve, and no longer when one is rolled back', () => {
    const stage = createStage();
    stage.put(release(0.5));
    stage.ask({ model: 'tiny@2', session: late });
    stage.ask({ model: 'tiny@1', session: early });
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old']);
    stage.put(release(0));
    stage.ask({ model: 'tiny@2' });
    expect(stage.problems).toEqual(['model_not_found']);
  });

  it('sends nothing to a version after its rollback, also not what already waits for it', () => {
    const stage = createStage();
    stage.put(release(0.5));
    stage.ask({ session: early });
    stage.ask({ session: early });
    expect(stage.sentTo()).toEqual(['unix:/new']);
    stage.put(release(0));
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old']);
    stage.transport.calls[0]?.answer({});
    stage.ask({ session: early });
    stage.transport.calls[1]?.answer({});
    expect(stage.sentTo()).toEqual(['unix:/new', 'unix:/old', 'unix:/old']);
    expect(stage.problems).toEqual([]);
  });

  it('are one load for whoever counts their replicas', () => {
    const stage = createStage();
    stage.put(release(0.5));
    for (const session of [early, late, late]) stage.ask({ session });
    expect(stage.loads.read('chat')).toMatchObject({ inside: 3, waiting: 1, places: 1 });
    expect(stage.loads.of('chat')).toMatchObject({ inFlight: 3, waiting: 1, ready: 2, wanted: 1 });
    expect(stage.loads.of('chat')?.utilisation).toBe(1);
    expect(stage.loads.all().map(({ deployment }) => deployment)).toEqual(['chat']);
    expect(stage.loads.of('other')).toBeUndefined();
  });

  it('fall back to the old one while the new one has no replica', () => {
    const stage = createStage();
    stage.put(release(0.5));
    stage.directory.apply({ type: 'deleted', resource: replica('new', '2') });
    stage.ask({ session: early });
    expect(stage.sentTo()).toEqual(['unix:/old']);
  });

  it('are counted apart while they are compared', () => {
    const stage = createStage();
    stage.put(release(0.5));
    stage.ask({ session: early });
    stage.transport.calls[0]?.answer({ status: 500 });
    stage.ask({ session: late });
    stage.transport.calls[1]?.answer({}, new TextEncoder().encode('twelve bytes'));
    stage.ask({ session: late }).cancel();
    expect(stage.directory.evidence.read('chat', 't2')).toMatchObject({ requests: 1, errors: 1 });
    const old = stage.directory.evidence.read('chat', 't1');
    expect(old).toMatchObject({ requests: 1, errors: 0 });
    expect(old?.answerBytes.reduce((sum, count) => sum + count, 0)).toBe(1);
    stage.put(release(undefined));
    expect(stage.directory.evidence.read('chat', 't1')).toBeUndefined();
  });
});
