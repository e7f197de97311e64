import { describe, expect, it } from 'vitest';
import { problem, resourceSchemas, type Problem } from '#schema';
import { silentMeters, type Meters, type SteppedRequest } from '#contracts';
import { createFakeSteps, type FakeScript } from '#steps/fake';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, createSteppedDispatch } from './index.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
/** A deployment with steps, one without, and one replica for each. */
function createStage(script: FakeScript, given: object = { pre: 'file:///a.mjs', post: 'file:///a.mjs' }) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const steps = createFakeSteps(script);
  const statuses: number[] = [];
  const meters: Meters = { ...silentMeters, requestFinished: ({ status }) => statuses.push(status) };
  const directory = createDirectory({ headersOf: () => [] });
  const inner = createDispatch({ directory, transport, clock, rng: createSeededRng(), meters });
  const dispatch = createSteppedDispatch(inner, { directory, clock, steps });
  for (const name of ['stepped', 'plain']) {
    const spec = { model: name, version: '1', ...(name === 'stepped' ? { steps: given } : {}) };
    const of = {
      deployment: name,
      model: name,
      version: '1',
      generation: 1,
      engine: 'fake',
      substrate: 'fake',
    };
    const ready = {
      state: 'ready',
      since: '2026-01-01T00:00:00Z',
      endpoint: `unix:/${name}`,
      concurrency: 9,
    };
    for (const resource of [
      resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name }, spec }),
      resourceSchemas.Replica.parse({ kind: 'Replica', metadata: { name }, spec: of, status: ready }),
    ])
      directory.apply({ type: 'put', resource });
  }
  return {
    clock,
    transport,
    steps,
    statuses,
    dispatch,
    ask(model = 'stepped', deadlineMs?: number) {
      const heard: {
        status?: number;
        lengthBytes?: number | undefined;
        text: string;
        ended: number;
        problem?: Problem;
      } = { text: '', ended: 0 };
      let keepsUp = true;
      const ticket = dispatch.submit(
        {
          requestId: 'r',
          tenant: 'default',
          key: 'k',
          priority: 'standard',
          session: undefined,
          model,
          endpoint: '/v1/chat/completions',
          body: encode('{}'),
          modelFrom: -1,
          modelTo: -1,
          promptFrom: -1,
          promptTo: -1,
          stream: false,
          maxTokens: undefined,
          answers: 1,
          headers: [],
          deadlineMs,
        },
        {
          started(head) {
            heard.status = head.status;
            heard.lengthBytes = head.contentLengthBytes;
          },
          received(part) {
            heard.text += decode(part);
            return keepsUp;
          },
          ended() {
            heard.ended += 1;
          },
          failed(cause) {
            heard.ended += 1;
            heard.problem = cause;
          },
        },
      );
      return Object.assign(heard, {
        ticket,
        keepUp(does: boolean) {
          keepsUp = does;
        },
      });
    },
  };
}

const upper = (bytes: Uint8Array) => ({ ok: true as const, value: encode(decode(bytes).toUpperCase()) });
const refused = { ok: false as const, problem: problem('step_refused', 'Not here.') };
const changed: SteppedRequest = {
  body: encode('{"changed":true}'),
  modelFrom: -1,
  modelTo: -1,
  promptFrom: -1,
  promptTo: -1,
  stream: false,
  maxTokens: 3,
  answers: 1,
};
const stream = { contentType: 'text/event-stream' };

describe('a deployment with steps', () => {
  it('gets its request changed before it is sent, and its answer before it is told', () => {
    const stage = createStage({ pre: () => ({ ok: true, value: changed }), post: upper });
    const heard = stage.ask();
    expect(stage.transport.calls).toHaveLength(0);
    expect(stage.dispatch.inFlight()).toBe(1);
    stage.steps.step();
    expect(decode(stage.transport.calls[0]?.call.body)).toBe('{"changed":true}');
    expect(stage.dispatch.inFlight()).toBe(1);
    stage.transport.calls[0]?.answer({ contentLengthBytes: 99 }, encode('hel'), encode('lo'));
    expect(heard.status).toBeUndefined();
    stage.steps.step();
    expect(heard).toMatchObject({ status: 200, lengthBytes: 5, text: 'HELLO', ended: 1 });
    expect(stage.steps.inside()).toBe(0);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('leaves the others alone', () => {
    const stage = createStage({});
    const heard = stage.ask('plain');
    stage.transport.calls[0]?.answer({}, encode('hello'));
    expect(heard).toMatchObject({ text: 'hello', ended: 1 });
  });

  it('may refuse, and then nothing is computed', () => {
    const stage = createStage({ pre: () => refused });
    const heard = stage.ask();
    stage.steps.step();
    expect(heard).toMatchObject({ ended: 1, problem: { code: 'step_refused', message: 'Not here.' } });
    expect(stage.transport.calls).toHaveLength(0);
    expect(stage.steps.inside()).toBe(0);
  });

  it('has its streams changed piece by piece, in order, and ended after the last', () => {
    const stage = createStage({ chunk: upper });
    const heard = stage.ask();
    stage.steps.step();
    const call = stage.transport.calls[0];
    call?.start(stream);
    expect(heard.status).toBe(200);
    call?.send(encode('a'));
    call?.send(encode('b'));
    call?.end();
    stage.steps.step();
    expect(heard).toMatchObject({ text: 'A', ended: 0 });
    stage.steps.step();
    expect(heard).toMatchObject({ text: 'AB', ended: 1 });
  });

  it('pauses a replica that is faster than its steps or its client, and lets it go on', () => {
    const stage = createStage({});
    const heard = stage.ask();
    stage.steps.step();
    const call = stage.transport.calls[0];
    call?.start(stream);
    const flowing = Array.from({ length: 8 }, () => call?.send(encode('x')));
    expect(flowing).toEqual([true, true, true, true, true, true, true, false]);
    stage.steps.step();
    expect(call?.resumed()).toBe(1);
    heard.keepUp(false);
    while (stage.steps.step());
    expect(call?.send(encode('y'))).toBe(false);
    while (stage.steps.step());
    expect(call?.resumed()).toBe(1);
    heard.ticket.resume();
    expect(call?.resumed()).toBe(2);
    expect(heard.text).toBe('xxxxxxxxy');
  });

  it('that fails in the midst of a stream ends it, and stops the replica', () => {
    const stage = createStage({ chunk: () => ({ ok: false, problem: problem('step_failed') }) });
    const heard = stage.ask();
    stage.steps.step();
    stage.transport.calls[0]?.start(stream);
    stage.transport.calls[0]?.send(encode('a'));
    stage.steps.step();
    expect(heard).toMatchObject({ ended: 1, problem: { code: 'step_failed' } });
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('passes refusals of the engine, and answers where only requests are changed, as they are', () => {
    const stage = createStage({ post: upper, chunk: upper });
    const bad = stage.ask();
    stage.steps.step();
    stage.transport.calls[0]?.answer({ status: 400 }, encode('bad'));
    expect(bad).toMatchObject({ status: 400, text: 'bad', ended: 1 });
    const preOnly = createStage({ post: upper, chunk: upper }, { pre: 'file:///a.mjs' });
    const heard = preOnly.ask();
    preOnly.steps.step();
    preOnly.transport.calls[0]?.answer(stream, encode('as it is'));
    expect(heard).toMatchObject({ text: 'as it is', ended: 1 });
  });

  it('lets what it passes as it is go on after a pause of the client', () => {
    const stage = createStage({ post: upper, chunk: upper });
    const heard = stage.ask();
    stage.steps.step();
    const call = stage.transport.calls[0];
    call?.start({ status: 500 });
    heard.keepUp(false);
    expect(call?.send(encode('slow'))).toBe(false);
    heard.ticket.resume();
    expect(call?.resumed()).toBe(1);
  });

  it('keeps to the deadline of a request that waits for its first step, or for its last', async () => {
    const stage = createStage({ post: upper });
    const first = stage.ask('stepped', 100);
    await stage.clock.advance(101);
    expect(first).toMatchObject({ ended: 1, problem: { code: 'deadline_exceeded' } });
    expect(stage.steps.inside()).toBe(0);
    const last = stage.ask('stepped', 100);
    while (stage.transport.calls.length === 0) stage.steps.step();
    stage.transport.calls[0]?.answer({}, encode('done'));
    await stage.clock.advance(101);
    expect(last).toMatchObject({ ended: 1, problem: { code: 'deadline_exceeded' } });
    const streamed = stage.ask('stepped', 100);
    while (stage.transport.calls.length === 1) stage.steps.step();
    stage.transport.calls[1]?.start(stream);
    await stage.clock.advance(500);
    expect(streamed).toMatchObject({ status: 200, ended: 0 });
    streamed.ticket.cancel();
    expect([stage.steps.inside(), stage.dispatch.inFlight()]).toEqual([0, 0]);
  });

  it('has a request whose deadline passes with the replica counted as late, not as left by its client', async () => {
    const stage = createStage({ pre: () => ({ ok: true, value: undefined }), post: upper });
    const heard = stage.ask('stepped', 100);
    await stage.clock.advance(30);
    while (stage.transport.calls.length === 0) stage.steps.step();
    await stage.clock.advance(69);
    expect(heard.ended).toBe(0);
    await stage.clock.advance(2);
    expect(heard).toMatchObject({ ended: 1, problem: { code: 'deadline_exceeded' } });
    expect(stage.statuses).toEqual([504]);
    expect([stage.steps.inside(), stage.dispatch.inFlight()]).toEqual([0, 0]);
  });

  it('forgets a request whose client left: in a step, with the replica, or in the last step', () => {
    const stage = createStage({});
    stage.ask().ticket.cancel();
    stage.steps.step();
    expect(stage.transport.calls).toHaveLength(0);
    const sent = stage.ask();
    stage.steps.step();
    sent.ticket.cancel();
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    const last = stage.ask();
    stage.steps.step();
    stage.transport.calls[1]?.answer({}, encode('x'));
    last.ticket.cancel();
    stage.steps.step();
    expect(last.ended).toBe(0);
    expect(stage.steps.inside()).toBe(0);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('counts the time of a step against the caller’s patience, and is waited for when the platform stops', async () => {
    const stage = createStage({});
    const heard = stage.ask('stepped', 100);
    await stage.clock.advance(60);
    stage.steps.step();
    const drained = stage.dispatch.drain();
    await stage.clock.advance(39);
    expect(heard.ended).toBe(0);
    await stage.clock.advance(2);
    expect(heard.problem?.code).toBe('deadline_exceeded');
    await drained;
    const last = stage.ask('plain');
    expect(last.problem?.code).toBe('shutting_down');
  });
});
