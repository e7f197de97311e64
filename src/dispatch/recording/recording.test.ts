import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem, resourceSchemas, type Resource } from '#schema';
import { plainHead, type ReplyListener, silentMeters, type Transport } from '#contracts';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import type { Ask, Dispatch } from '../index.ts';
import { createDirectory, createRecorder, replayRecording } from '../index.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function deployment(spec: object): Resource {
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: 'demo' },
    spec: { model: 'demo', version: '1', ...spec },
  });
}

function replica(name: string, state: string): Resource {
  return resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name },
    spec: {
      deployment: 'demo',
      model: 'demo',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state, since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 2 },
  });
}

const key = resourceSchemas.Key.parse({
  kind: 'Key',
  metadata: { name: 'k' },
  spec: { weight: 3, hash: 'ab'.repeat(32) },
});

interface Recorded {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly dispatch: Dispatch;
  readonly calls: { readonly listener: ReplyListener; cancelled: boolean }[];
  readonly lines: string[];
  apply(resource: Resource): void;
}

/** A transport whose calls wait for the test; to replica `c` nobody can be connected. */
function createRecorded(seed = 1): Recorded {
  const clock = createVirtualClock();
  const lines: string[] = [];
  const calls: Recorded['calls'] = [];
  const transport: Transport = {
    send({ endpoint }, listener) {
      const call = { listener, cancelled: false };
      if (endpoint.endsWith('/d')) throw new Error('a fault of ours');
      if (endpoint.endsWith('/c')) listener.failed(problem('replica_failed'), false);
      else calls.push(call);
      return {
        cancel: () => {
          call.cancelled = true;
        },
        resume: () => undefined,
      };
    },
    close: () => Promise.resolve(),
  };
  const recorder = createRecorder({ clock, write: (line) => void lines.push(line) });
  const directory = recorder.directory(
    createDirectory(
      recorder.directoryDeps({ headersOf: () => ['authorization', 'Bearer secret-of-theirs'] }),
    ),
  );
  const dispatch = recorder.dispatch({
    directory,
    transport,
    clock,
    rng: createSeededRng(seed),
    meters: silentMeters,
  });
  return {
    clock,
    dispatch,
    calls,
    lines,
    apply: (resource) => {
      directory.apply({ type: 'put', resource });
    },
  };
}

function askOf(prompt: string, deadlineMs: number | undefined): Ask {
  const body = encode(prompt);
  return {
    requestId: 'r',
    tenant: 'default',
    key: 'k',
    priority: 'standard',
    session: undefined,
    model: 'demo',
    endpoint: '/v1/chat/completions',
    body,
    modelFrom: -1,
    modelTo: -1,
    promptFrom: 0,
    promptTo: body.length,
    stream: true,
    maxTokens: undefined,
    answers: 1,
    headers: ['accept', '*/*'],
    deadlineMs,
  };
}

const head = plainHead('text/event-stream');

/** One thing that happens in a story. */
const steps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      size: fc.integer({ min: 1, max: 9000 }),
      deadlineMs: fc.option(fc.integer({ min: 5, max: 400 }), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 300 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      at: fc.nat(),
      status: fc.constantFrom(200, 200, 200, 400, 503),
      tokens: fc.nat(500),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('break' as const), at: fc.nat(), sent: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('replica' as const),
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      state: fc.constantFrom('ready', 'draining'),
    }),
  },
);

type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;
type Of<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** Tells a story step by step. Some callers ask again at once when they are refused, as fallbacks do. */
function createTeller(recorded: Recorded): (step: Step) => void {
  const { dispatch, calls, clock } = recorded;
  const tickets: ReturnType<Dispatch['submit']>[] = [];
  /** Answers never come twice: a call is over with it. */
  const take = (at: number) => calls.splice(at % Math.max(1, calls.length), 1)[0];

  function ask({ size, deadlineMs }: Of<'ask'>, again = size % 2 === 0): void {
    const caller = {
      started: () => undefined,
      received: () => size % 3 > 0,
      ended: () => undefined,
      failed() {
        if (again) ask({ kind: 'ask', size, deadlineMs }, false);
      },
    };
    tickets.push(dispatch.submit(askOf('word'.repeat(size / 4 + 1), deadlineMs), caller));
  }

  function answer({ at, status, tokens }: Of<'answer'>): void {
    const call = take(at);
    if (call === undefined || call.cancelled) return;
    call.listener.started({ ...head, status });
    if (call.cancelled) return;
    call.listener.received(encode(`{"usage":{"prompt_tokens":7,"completion_tokens":${tokens}}}`));
    call.listener.ended();
  }

  return (step) => {
    if (step.kind === 'pass') clock.runUntil(clock.monotonicMs() + step.ms);
    else if (step.kind === 'replica') recorded.apply(replica(step.name, step.state));
    else if (step.kind === 'leave') tickets[step.at % Math.max(1, tickets.length)]?.cancel();
    else if (step.kind === 'ask') ask(step);
    else if (step.kind === 'answer') answer(step);
    else {
      const call = take(step.at);
      if (call?.cancelled === false) call.listener.failed(problem('replica_failed'), step.sent);
    }
  };
}

describe('a recording', () => {
  test('replayed, comes to the same decisions, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 80 }), fc.integer({ min: 1, max: 1e6 }), (story, seed) => {
        const recorded = createRecorded(seed);
        recorded.apply(key);
        recorded.apply(
          deployment({
            replicas: { min: 2 },
            limits: { queueDepthMax: 4, holdMs: 200 },
            resilience: { hedging: { enabled: true, share: 1 }, retries: { repeat: 'always' } },
          }),
        );
        recorded.apply(replica('a', 'ready'));
        recorded.apply(replica('b', 'ready'));
        const tell = createTeller(recorded);
        for (const step of story) tell(step);
        const replay = replayRecording(recorded.lines);
        expect(replay.difference).toBeUndefined();
        expect(replay.equal).toBe(replay.deeds);
        expect(replay.deeds).toBe(recorded.lines.filter((line) => line.startsWith('{"do"')).length);
      }),
      { numRuns: 120 },
    );
  });

  test('holds no prompts, no secrets', () => {
    const recorded = createRecorded();
    recorded.apply(key);
    recorded.apply(deployment({}));
    recorded.apply(replica('a', 'ready'));
    createTeller(recorded)({ kind: 'ask', size: 4000, deadlineMs: undefined });
    const text = recorded.lines.join('\n');
    for (const secret of ['wordword', 'secret-of-theirs', 'abab', 'accept'])
      expect(text).not.toContain(secret);
    expect(replayRecording(recorded.lines)).toMatchObject({ deeds: 1, equal: 1 });
  });

  test('that something was changed in is told from the first line that differs', () => {
    const recorded = createRecorded();
    recorded.apply(deployment({}));
    recorded.apply(replica('a', 'ready'));
    const tell = createTeller(recorded);
    for (let count = 0; count < 4; count++) tell({ kind: 'ask', size: 40, deadlineMs: 1000 });
    const at = recorded.lines.findIndex((line) => line.includes('"do":"send"'));
    const changed = recorded.lines.with(at, (recorded.lines[at] ?? '').replace('unix:/a', 'unix:/z'));
    const replay = replayRecording(changed);
    expect(replay.difference).toMatchObject({ line: at + 1 });
    expect(replay.equal).toBeLessThan(replay.deeds);
  });

  test('that is none is refused with the line', () => {
    expect(() => replayRecording([])).toThrow(/Line 1/);
    expect(() =>
      replayRecording(['{"recording":"millrace","format":1,"epochMs":0}', '{"in":"what"}']),
    ).toThrow(/Line 2/);
  });
});
