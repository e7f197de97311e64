import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Resource } from '#schema';
import { silentMeters } from '#contracts';
import { createFakeTransport, type FakeCall } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, type Ask, type Ticket } from './index.ts';

const deployment = (spec: object = {}): Resource =>
  resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name: 'chat' },
    spec: { model: 'tiny', version: '1', ...spec },
  });

const replica = (name: string, concurrency: number): Resource =>
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
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency },
  });

/** A prompt of so many blocks of 1,024 bytes: the first ones are those of its topic. */
function prompt(topic: number, blocks: number): Uint8Array {
  return Uint8Array.from({ length: blocks * 1024 }, (_, at) => (at * topic + (at >> 10)) % 251);
}

const ignore = (): void => undefined;

const answerTokens = 10;

/** Replicas that read a token a millisecond, and write `answerTokens` after. */
function createStage(given: { replicas?: readonly string[]; concurrency?: number; spec?: object } = {}) {
  const { replicas = ['a', 'b'], concurrency = 8 } = given;
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const directory = createDirectory({ headersOf: () => [] });
  const dispatch = createDispatch({
    directory,
    transport,
    clock,
    meters: silentMeters,
    rng: createSeededRng(),
  });
  for (const resource of [deployment(given.spec), ...replicas.map((name) => replica(name, concurrency))])
    directory.apply({ type: 'put', resource });
  return {
    clock,
    transport,
    ask(body: Uint8Array, more: Partial<Ask> = {}): Ticket {
      const ask: Ask = {
        requestId: 'r',
        tenant: 'default',
        key: 'k',
        priority: 'standard',
        session: undefined,
        model: 'chat',
        endpoint: '/v1/chat/completions',
        body,
        promptFrom: 0,
        promptTo: body.length,
        modelFrom: -1,
        modelTo: -1,
        stream: true,
        maxTokens: answerTokens,
        answers: 1,
        headers: [],
        deadlineMs: undefined,
        ...more,
      };
      return dispatch.submit(ask, { started: ignore, received: () => true, ended: ignore, failed: ignore });
    },
    /** Where the calls went, in their order. */
    went: () => transport.calls.map(({ call }) => call.endpoint.at(-1)),
  };
}

type Stage = ReturnType<typeof createStage>;

/** The replica reads the prompt for so long and answers. */
async function serve(stage: Stage, call: FakeCall | undefined, readMs: number) {
  await stage.clock.advance(readMs);
  call?.start({});
  await stage.clock.advance(answerTokens);
  const tokens = (call?.call.body?.length ?? 0) / 4;
  const usage = { prompt_tokens: tokens, completion_tokens: answerTokens };
  call?.send(new TextEncoder().encode(JSON.stringify({ usage })));
  call?.end();
}

/** Both replicas answer some requests of different lengths, one after another, so that their speed is known. */
async function measure(stage: Stage) {
  for (let round = 1; round <= 12; round++) {
    const blocks = 1 + (round % 3);
    stage.ask(prompt(round * 31, blocks));
    await stage.clock.advance(2);
    await serve(stage, stage.transport.calls.at(-1), blocks * 256);
  }
}

describe('routing', () => {
  it('sends the next turn of a conversation where its beginning was read', async () => {
    const stage = createStage({ replicas: ['a', 'b', 'c', 'd'] });
    await measure(stage);
    const before = stage.transport.calls.length;
    for (const topic of [3, 5, 7, 11, 13]) {
      stage.ask(prompt(topic, 6));
      await stage.clock.advance(2);
      await serve(stage, stage.transport.calls.at(-1), 6 * 256);
    }
    for (const topic of [3, 5, 7, 11, 13]) {
      stage.ask(prompt(topic, 8));
      await stage.clock.advance(2);
      await serve(stage, stage.transport.calls.at(-1), 2 * 256);
    }
    const went = stage.went().slice(before);
    expect(went.slice(5)).toEqual(went.slice(0, 5));
    expect(new Set(went).size).toBeGreaterThan(1);
  });

  it('waits for a warm replica that is about to be free, and takes another where that is sooner', async () => {
    const stage = createStage();
    await measure(stage);
    stage.ask(prompt(3, 6));
    await stage.clock.advance(2);
    await serve(stage, stage.transport.calls.at(-1), 6 * 256);
    const warm = stage.went().at(-1);
    // Its replica begins to read a long prompt of the same topic.
    stage.ask(prompt(3, 7));
    await stage.clock.advance(2);
    const reading = stage.transport.calls.at(-1);
    expect(reading?.call.endpoint.at(-1)).toBe(warm);
    // Warm, 256 tokens remain to be read after it; cold it would be 2,048.
    const count = stage.transport.calls.length;
    stage.ask(prompt(3, 8));
    await stage.clock.advance(50);
    expect(stage.transport.calls).toHaveLength(count);
    // Another topic has nothing to wait for.
    stage.ask(prompt(5, 1));
    await stage.clock.advance(2);
    expect(stage.went().at(-1)).not.toBe(warm);
    await serve(stage, reading, 200);
    expect(stage.went().at(-1)).toBe(warm);
  });

  it('lets a short prompt overtake a long one of the same key, and of no other', async () => {
    const stage = createStage({ concurrency: 1 });
    await measure(stage);
    const running = [stage.ask(prompt(3, 4)), stage.ask(prompt(5, 4))];
    await stage.clock.advance(2);
    stage.ask(prompt(7, 20), { key: 'one' });
    stage.ask(prompt(9, 2), { key: 'one' });
    await stage.clock.advance(2);
    running[0]?.cancel();
    await stage.clock.advance(2);
    expect(stage.transport.calls.at(-1)?.call.body).toHaveLength(2 * 1024);
    stage.ask(prompt(11, 1), { key: 'other' });
    await stage.clock.advance(2);
    running[1]?.cancel();
    await stage.clock.advance(2);
    expect(stage.transport.calls.at(-1)?.call.body).not.toHaveLength(2 * 1024);
  });

  it('spreads what nothing is known of over the replicas that have most room', () => {
    const stage = createStage();
    for (let count = 0; count < 8; count++) stage.ask(prompt(3, 1));
    expect(stage.went().filter((name) => name === 'a')).toHaveLength(4);
  });

  it('keeps a session at one replica among equals', async () => {
    const stage = createStage({ spec: { routing: { prefixCacheTokens: 0 } } });
    const homes = new Set<string | undefined>();
    for (let turn = 0; turn < 12; turn++) {
      stage.ask(prompt(turn + 1, 1), { session: 's' });
      homes.add(stage.went().at(-1));
      stage.transport.calls.at(-1)?.answer({});
    }
    expect(homes.size).toBe(1);
  });

  it('tries a replica again some time after it was slow', async () => {
    const stage = createStage({ spec: { routing: { prefixCacheTokens: 0 } } });
    const wasSlow = new Set<string | undefined>();
    for (let round = 0; round < 80; round++) {
      stage.ask(prompt(round + 1, 1));
      await stage.clock.advance(2);
      const isSlow = round < 20 && stage.went().at(-1) === 'a';
      await serve(stage, stage.transport.calls.at(-1), isSlow ? 2000 : 250);
    }
    for (const name of stage.went().slice(-20)) wasSlow.add(name);
    expect(wasSlow).toEqual(new Set(['a', 'b']));
  });

  it('learns that a replica is slow though none of its callers ever waits for the end', async () => {
    const stage = createStage({ spec: { routing: { prefixCacheTokens: 0 } } });
    await measure(stage);
    for (let round = 0; round < 60; round++) {
      const ticket = stage.ask(prompt(round + 1, 1));
      await stage.clock.advance(2);
      const call = stage.transport.calls.at(-1);
      if (call?.call.endpoint.endsWith('a') !== true) await serve(stage, call, 250);
      else {
        await stage.clock.advance(1000);
        ticket.cancel();
      }
    }
    expect(
      stage
        .went()
        .slice(-40)
        .filter((name) => name === 'a').length,
    ).toBeLessThan(8);
  });

  it('gives more to a replica that is faster than its like', async () => {
    const stage = createStage({ spec: { routing: { prefixCacheTokens: 0 } }, concurrency: 2 });
    for (let round = 0; round < 60; round++) {
      stage.ask(prompt(round + 1, 1));
      await stage.clock.advance(2);
      const call = stage.transport.calls.at(-1);
      await serve(stage, call, call?.call.endpoint.endsWith('a') ? 400 : 50);
    }
    const late = stage.went().slice(-40);
    expect(late.filter((name) => name === 'b').length).toBeGreaterThan(30);
  });
});
