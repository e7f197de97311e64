import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Problem, type Resource } from '#schema';
import { type MendingCount, type Meters, type RequestSample, silentMeters } from '#contracts';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, type Ask, type Ticket } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const replica = (name: string): Resource =>
  resourceSchemas.Replica.parse({
    kind: 'Replica',
    metadata: { name },
    spec: {
      deployment: 'chat',
      model: 'tiny',
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    },
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 4 },
  });

interface Heard {
  ticket: Ticket;
  statuses: number[];
  text: string;
  ends: number;
  problem?: Problem;
}

interface Given {
  readonly replicas?: readonly string[];
  readonly resilience?: object;
  readonly limits?: object;
  /** Credentials of endpoints that others run, as they are now. */
  readonly headersOf?: () => readonly string[];
}

function createStage(given: Given = {}) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const samples: RequestSample[] = [];
  let readMending: (() => readonly MendingCount[]) | undefined;
  const meters: Meters = {
    ...silentMeters,
    requestFinished: (sample) => samples.push(sample),
    observeMending: (read) => {
      readMending = read;
    },
  };
  const directory = createDirectory({ headersOf: given.headersOf ?? (() => []) });
  const dispatch = createDispatch({ directory, transport, clock, meters, rng: createSeededRng() });
  const deployment = resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: 'chat' },
    spec: { model: 'tiny', version: '1', resilience: given.resilience, limits: given.limits },
  });
  for (const resource of [deployment, ...(given.replicas ?? ['a', 'b']).map(replica)])
    directory.apply({ type: 'put', resource });
  return {
    clock,
    transport,
    samples,
    dispatch,
    counts: () => Object.fromEntries((readMending?.() ?? []).map(({ reason, count }) => [reason, count])),
    went: () => transport.calls.map(({ call }) => call.endpoint.at(-1)),
    last: () => transport.calls.at(-1),
    ask(more: Partial<Ask> = {}): Heard {
      const heard: Omit<Heard, 'ticket'> = { statuses: [], text: '', ends: 0 };
      const ticket = dispatch.submit(
        {
          requestId: 'r',
          tenant: 'default',
          key: 'k',
          priority: 'standard',
          session: undefined,
          model: 'chat',
          endpoint: '/v1/embeddings',
          body: bytes('{}'),
          modelFrom: -1,
          modelTo: -1,
          promptFrom: -1,
          promptTo: -1,
          stream: false,
          maxTokens: undefined,
          answers: 1,
          headers: [],
          deadlineMs: undefined,
          ...more,
        },
        {
          started: ({ status }) => void heard.statuses.push(status),
          received: (part) => {
            heard.text += new TextDecoder().decode(part);
            return true;
          },
          ended: () => {
            heard.ends += 1;
          },
          failed: (problem) => {
            heard.ends += 1;
            heard.problem = problem;
          },
        },
      );
      return Object.assign(heard, { ticket });
    },
  };
}

type Stage = ReturnType<typeof createStage>;

const chat = { endpoint: '/v1/chat/completions' } as const;

describe('trying again', () => {
  it('asks another replica when one fails at what may be done twice; the caller hears one answer', () => {
    const stage = createStage();
    const heard = stage.ask();
    stage.last()?.start({ status: 500 });
    stage.last()?.answer({}, bytes('good'));
    expect(new Set(stage.went()).size).toBe(2);
    expect(heard).toMatchObject({ statuses: [200], text: 'good', ends: 1 });
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    expect(stage.samples).toMatchObject([{ status: 200 }]);
    expect(stage.counts()).toEqual({ retried: 1 });
  });

  it('does not write an answer twice, but asks another where the first has not begun', () => {
    const stage = createStage();
    const begun = stage.ask(chat);
    stage.last()?.answer({ status: 500 }, bytes('bad'));
    expect(begun).toMatchObject({ statuses: [500], text: 'bad', ends: 1 });
    const refused = stage.ask(chat);
    stage.last()?.start({ status: 503 });
    stage.last()?.answer({}, bytes('good'));
    expect(refused).toMatchObject({ statuses: [200], text: 'good', ends: 1 });
  });

  it('keeps to the deadline while it waits for its second try', async () => {
    const stage = createStage();
    const others = Array.from({ length: 7 }, () => stage.ask(chat));
    const heard = stage.ask({ deadlineMs: 1000 });
    stage.last()?.breakOff(false);
    expect(stage.went()).toHaveLength(8);
    await stage.clock.advance(999);
    expect(heard.ends).toBe(0);
    await stage.clock.advance(2);
    expect(heard).toMatchObject({ ends: 1, problem: { code: 'deadline_exceeded' } });
    expect(others.every(({ ends }) => ends === 0)).toBe(true);
  });

  it('gives up a replica that does not begin to answer in time, and asks another where that may be', async () => {
    const stage = createStage({ limits: { answerMs: 500 } });
    const heard = stage.ask();
    await stage.clock.advance(501);
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    expect(new Set(stage.went()).size).toBe(2);
    stage.last()?.answer({}, bytes('good'));
    expect(heard).toMatchObject({ statuses: [200], text: 'good', ends: 1 });
    const written = stage.ask(chat);
    await stage.clock.advance(501);
    expect(stage.last()?.cancelled()).toBe(true);
    expect(stage.transport.calls).toHaveLength(3);
    expect(written).toMatchObject({ ends: 1, problem: { code: 'deadline_exceeded' } });
    expect(written.problem?.message).toContain('limits.answerMs');
    expect(stage.samples.map(({ status }) => status)).toEqual([200, 504]);
  });

  it('lets an answer that has begun take its time, and a caller wait less than the replica may take', async () => {
    const stage = createStage({ limits: { answerMs: 500 } });
    const begun = stage.ask(chat);
    stage.last()?.start({});
    await stage.clock.advance(5000);
    expect(begun.ends).toBe(0);
    const hurried = stage.ask({ ...chat, deadlineMs: 100 });
    await stage.clock.advance(101);
    expect(hurried.problem?.message).not.toContain('limits.answerMs');
    expect(hurried).toMatchObject({ ends: 1, problem: { code: 'deadline_exceeded' } });
  });

  it('passes a caller its own mistakes', () => {
    const stage = createStage();
    const heard = stage.ask();
    stage.last()?.answer({ status: 400 }, bytes('no'));
    expect(heard).toMatchObject({ statuses: [400], ends: 1 });
    expect(stage.transport.calls).toHaveLength(1);
  });

  it('never repeats what the caller has begun to hear', () => {
    const stage = createStage();
    const heard = stage.ask();
    stage.last()?.start({});
    stage.last()?.send(bytes('half'));
    stage.last()?.breakOff(true);
    expect(heard).toMatchObject({
      statuses: [200],
      text: 'half',
      ends: 1,
      problem: { code: 'replica_failed' },
    });
    expect(stage.transport.calls).toHaveLength(1);
  });

  it('stops when the budget of all is spent', () => {
    const stage = createStage({
      resilience: { ejection: { enabled: false }, retries: { share: 0 } },
    });
    for (let round = 0; round < 40; round++) {
      stage.ask();
      for (let call = stage.last(); call !== undefined && !call.cancelled(); call = stage.last()) {
        call.answer({ status: 500 });
        if (!call.cancelled()) break;
      }
    }
    expect(stage.counts()).toMatchObject({ retried: 10, 'retry-budget-spent': 35 });
    expect(stage.samples).toHaveLength(40);
  });
});

describe('replicas that fail', () => {
  it('are passed over after five failures in a row, for longer each time, and tried again', async () => {
    const stage = createStage({ resilience: { retries: { repeat: 'never' } } });
    const serve = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        stage.ask();
        const call = stage.last();
        call?.answer({ status: call.call.endpoint.endsWith('a') ? 500 : 200 });
        await stage.clock.advance(10);
      }
    };
    await serve(60);
    expect(stage.went().filter((name) => name === 'a')).toHaveLength(5);
    expect(stage.counts()).toMatchObject({ 'failed-in-a-row': 1 });
    await stage.clock.advance(10_000);
    await serve(60);
    expect(stage.went().filter((name) => name === 'a').length).toBeGreaterThan(5);
  });

  it('are not passed over for the mistakes of callers', () => {
    const stage = createStage();
    for (let round = 0; round < 40; round++) {
      stage.ask();
      stage.last()?.answer({ status: 422 });
    }
    expect(stage.counts()).toEqual({});
    expect(new Set(stage.went().slice(-20)).size).toBe(2);
  });

  it('are tried with one request at a time once they could not be reached', async () => {
    const stage = createStage({ replicas: ['a'] });
    stage.ask();
    stage.last()?.breakOff(false);
    stage.ask();
    stage.ask();
    await stage.clock.advance(1001);
    expect(stage.transport.calls).toHaveLength(2);
    stage.last()?.answer({});
    expect(stage.transport.calls).toHaveLength(4);
    expect(stage.counts()).toMatchObject({ 'circuit-opened': 1, 'circuit-closed-again': 1 });
  });
});

/** So many answers within 10 ms that what is slow is known. */
async function warmUp(stage: Stage) {
  for (let round = 0; round < 120; round++) {
    stage.ask();
    await stage.clock.advance(10);
    stage.last()?.answer({});
  }
}

describe('second calls', () => {
  const resilience = { hedging: { enabled: true, share: 1 } };

  it('are made for the slow; the first answer counts, the other call is ended, and it is accounted once', async () => {
    const stage = createStage({ resilience });
    await warmUp(stage);
    const before = stage.transport.calls.length;
    const heard = stage.ask();
    await stage.clock.advance(50);
    const [first, second] = stage.transport.calls.slice(before);
    expect(first?.call.endpoint).not.toBe(second?.call.endpoint);
    second?.answer({}, bytes('second'));
    expect(first?.cancelled()).toBe(true);
    expect(heard).toMatchObject({ statuses: [200], text: 'second', ends: 1 });
    expect(stage.samples).toHaveLength(121);
    expect(stage.counts()).toEqual({ hedged: 1, 'hedge-won': 1 });
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('end with their caller, both of them', async () => {
    const stage = createStage({ resilience });
    await warmUp(stage);
    const before = stage.transport.calls.length;
    stage.ask().ticket.cancel();
    const heard = stage.ask();
    await stage.clock.advance(50);
    heard.ticket.cancel();
    expect(stage.transport.calls.slice(before).map((call) => call.cancelled())).toEqual([true, true, true]);
    expect(stage.samples.slice(-2)).toMatchObject([{ status: 499 }, { status: 499 }]);
  });

  it('carry the request on when the first breaks, and leave it alone when they break', async () => {
    const stage = createStage({ resilience });
    await warmUp(stage);
    for (const broken of [0, 1]) {
      const before = stage.transport.calls.length;
      const heard = stage.ask();
      await stage.clock.advance(50);
      const calls = stage.transport.calls.slice(before);
      calls[broken]?.breakOff(true);
      calls[1 - broken]?.answer({}, bytes('good'));
      expect(heard).toMatchObject({ statuses: [200], text: 'good', ends: 1 });
    }
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('give their place to who waits as soon as they are over', async () => {
    for (const end of ['answered', 'broke'] as const) {
      const stage = createStage({ resilience, limits: { concurrency: 1 } });
      await warmUp(stage);
      const before = stage.transport.calls.length;
      stage.ask();
      await stage.clock.advance(50);
      const [first, second] = stage.transport.calls.slice(before);
      stage.ask();
      expect(stage.transport.calls).toHaveLength(before + 2);
      if (end === 'answered') first?.start({});
      else second?.breakOff(true);
      expect(stage.transport.calls).toHaveLength(before + 3);
    }
  });

  it('are not made unless the deployment wants them, nor for answers that are written', async () => {
    const stage = createStage();
    await warmUp(stage);
    stage.ask();
    await stage.clock.advance(500);
    expect(stage.transport.calls).toHaveLength(121);
    const wanting = createStage({ resilience });
    await warmUp(wanting);
    wanting.ask(chat);
    await wanting.clock.advance(500);
    expect(wanting.transport.calls).toHaveLength(121);
  });
});

const headersOf = () => ['authorization', 'Bearer one'];

describe('endpoints of others', () => {
  it('that refuse our credentials, or lead elsewhere, are passed over like any that fail', () => {
    for (const status of [401, 403, 301, 307]) {
      const stage = createStage({ headersOf });
      const heard = Array.from({ length: 40 }, () => {
        const one = stage.ask(chat);
        for (let call = stage.last(); call !== undefined && one.ends === 0; call = stage.last())
          call.answer({ status: call.call.endpoint.endsWith('a') ? status : 200 });
        return one;
      });
      expect(heard.every(({ statuses }) => statuses[0] === 200)).toBe(true);
      expect(stage.went().filter((name) => name === 'a')).toHaveLength(5);
    }
  });

  it('that want a key where we have none do not tell the caller that its own is wrong', () => {
    const stage = createStage({ replicas: ['a'] });
    const heard = stage.ask(chat);
    while (heard.ends === 0) stage.last()?.answer({ status: 401 }, bytes('{"error":"no key"}'));
    expect(heard).toMatchObject({ statuses: [], text: '', problem: { code: 'replica_failed' } });
    const forbidden = stage.ask(chat);
    stage.last()?.answer({ status: 403 }, bytes('not this'));
    expect(forbidden).toMatchObject({ statuses: [403], text: 'not this' });
  });

  it('that all do are told of as a fault of ours, not of the caller', () => {
    for (const [status, words] of [
      [401, 'refused our credentials'],
      [308, 'redirect'],
    ] as const) {
      const stage = createStage({ headersOf, replicas: ['a'] });
      const heard = stage.ask();
      for (let call = stage.last(); call !== undefined && heard.ends === 0; call = stage.last())
        call.answer({ status }, bytes('theirs'));
      expect(heard).toMatchObject({ statuses: [], text: '', problem: { code: 'replica_failed' } });
      expect(heard.problem?.message).toContain(words);
      expect(stage.samples).toMatchObject([{ status: 502 }]);
      expect(stage.dispatch.inFlight()).toBe(0);
    }
  });

  it('are asked with the key that is there now, once they refuse the one before', async () => {
    let key = 'one';
    let reads = 0;
    const stage = createStage({
      replicas: ['a'],
      headersOf: () => {
        reads += 1;
        return ['authorization', key];
      },
    });
    const together = [stage.ask(chat), stage.ask(chat)];
    key = 'two';
    await stage.clock.advance(10);
    for (const call of stage.transport.calls.slice(0, 2)) call.start({ status: 401 });
    expect(stage.transport.calls.slice(2).map(({ call }) => call.headers.at(-1))).toEqual(['two', 'two']);
    for (const call of stage.transport.calls.slice(2)) call.answer({});
    expect(together.map(({ statuses }) => statuses)).toEqual([[200], [200]]);
    const before = reads;
    for (let round = 0; round < 20; round++) {
      const heard = stage.ask(chat);
      while (heard.ends === 0) stage.last()?.answer({ status: 401 });
    }
    expect(reads).toBe(before);
    await stage.clock.advance(1001);
    stage.ask(chat);
    stage.last()?.start({ status: 401 });
    expect(reads).toBe(before + 1);
  });
});
