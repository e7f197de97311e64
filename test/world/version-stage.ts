import { releaseSpec, resourceSchemas, templateAnnotation, type Resource } from '#schema';
import { type Meters, type RequestSample, silentMeters } from '#contracts';
import { createDirectory, createDispatch, type Ask } from '#dispatch';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from './seeded-rng.ts';
import { createVirtualClock } from './virtual-clock.ts';

export function askOf(more: Partial<Ask> = {}): Ask {
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

export function replica(name: string, version: string): Resource {
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name, annotations: { [templateAnnotation]: `t${version}` } },
    spec: { deployment: 'chat', model: 'tiny', version, generation: 1, engine: 'fake', substrate: 'fake' },
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 1 },
  });
}

export function release(
  share: number | undefined,
  spec: Readonly<Record<string, unknown>> = {},
  copied?: number,
): Resource {
  return resourceSchemas.Release.parse({
    kind: 'Release',
    metadata: { name: 'chat-2' },
    spec: releaseSpec.parse({ deployment: 'chat', version: '2', sticky: 'session', ...spec }),
    status: {
      state: 'comparing',
      since: '2026-01-01T00:00:00Z',
      step: 0,
      stepSince: '2026-01-01T00:00:00Z',
      ...(share !== undefined && { split: { candidate: 't2', stable: 't1', share, copied } }),
    },
  });
}

/** Two versions, one place each. */
export function createVersionStage() {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const samples: RequestSample[] = [];
  const heard: string[] = [];
  const meters: Meters = {
    ...silentMeters,
    requestFinished: (sample) => void samples.push(sample),
  };
  const directory = createDirectory({ headersOf: () => [] });
  const dispatch = createDispatch({ directory, transport, clock, rng: createSeededRng(), meters });
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
    clock,
    transport,
    directory,
    problems,
    samples,
    heard,
    put,
    ask: (more: Partial<Ask> = {}) =>
      dispatch.submit(askOf(more), {
        started: () => undefined,
        received: () => true,
        ended: () => void heard.push('ended'),
        failed: ({ code }) => problems.push(code),
      }),
    loads: dispatch.loads,
    sentTo: () => transport.calls.map(({ call }) => call.endpoint),
  };
}
