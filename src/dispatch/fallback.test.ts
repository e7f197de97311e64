import { describe, expect, it } from 'vitest';
import { resourceSchemas, type EndpointPath, type Problem } from '#schema';
import { type Meters, silentMeters } from '#contracts';
import { createFakeTransport } from '#transports/fake';
import { createSeededRng } from '../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../test/world/virtual-clock.ts';
import { createDirectory, createDispatch, createFallbackDispatch, type Chosen } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Three deployments, one replica each; `first` falls back on the others. */
function createStage(
  fallbacks: readonly object[],
  absent: readonly string[] = [],
  endpointsOf: Readonly<Record<string, readonly EndpointPath[]>> = {},
) {
  const clock = createVirtualClock();
  const transport = createFakeTransport();
  const statuses: Record<string, number[]> = {};
  const directory = createDirectory({
    headersOf: () => [],
    servingOf: ({ metadata }) => ({
      endpoints: endpointsOf[metadata.name] ?? ['/v1/chat/completions'],
      modelThere: undefined,
    }),
  });
  const meters: Meters = {
    ...silentMeters,
    requestFinished: ({ deployment, status }) => (statuses[deployment] ??= []).push(status),
  };
  const inner = createDispatch({ directory, transport, clock, rng: createSeededRng(1), meters });
  const dispatch = createFallbackDispatch(inner, { directory, clock });
  for (const name of ['first', 'second', 'third'].filter((one) => !absent.includes(one))) {
    const spec = { model: name, version: '1', ...(name === 'first' ? { fallbacks } : {}) };
    directory.apply({
      type: 'put',
      resource: resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name }, spec }),
    });
    directory.apply({
      type: 'put',
      resource: resourceSchemas.Replica.parse({
        kind: 'Replica',
        metadata: { name: `${name}-r` },
        spec: {
          deployment: name,
          model: name,
          version: '1',
          generation: 1,
          engine: 'fake',
          substrate: 'fake',
        },
        status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `unix:/${name}`, concurrency: 9 },
      }),
    });
  }
  return {
    clock,
    transport,
    statuses,
    dispatch,
    ask(deadlineMs?: number) {
      const body = '{"model":"first"}';
      const heard: { status?: number; who?: Chosen; text: string; ended: number; problem?: Problem } = {
        text: '',
        ended: 0,
      };
      const ticket = dispatch.submit(
        {
          requestId: 'r',
          tenant: 'default',
          key: 'k',
          priority: 'standard',
          session: undefined,
          model: 'first',
          endpoint: '/v1/chat/completions',
          body: bytes(body),
          modelFrom: 9,
          modelTo: 16,
          promptFrom: -1,
          promptTo: -1,
          stream: false,
          maxTokens: undefined,
          answers: 1,
          headers: [],
          deadlineMs,
        },
        {
          started(head, who) {
            heard.status = head.status;
            heard.who = who;
          },
          received(part) {
            heard.text += new TextDecoder().decode(part);
            return true;
          },
          ended() {
            heard.ended += 1;
          },
          failed(problem) {
            heard.ended += 1;
            heard.problem = problem;
          },
        },
      );
      return Object.assign(heard, { ticket });
    },
  };
}

const second = { deployment: 'second' };
const third = { deployment: 'third' };

function bodyOf(call: { readonly call: { readonly body: Uint8Array | undefined } } | undefined): string {
  return new TextDecoder().decode(call?.call.body);
}

describe('a deployment with fallbacks', () => {
  it('answers itself while it can', () => {
    const stage = createStage([second]);
    const heard = stage.ask();
    stage.transport.calls[0]?.answer({}, bytes('hello'));
    expect(heard).toMatchObject({ status: 200, text: 'hello', ended: 1, who: { deployment: 'first' } });
    expect(stage.transport.calls).toHaveLength(1);
  });

  it('lets the next answer for an error, under its own name, and says who it was', () => {
    const stage = createStage([second, third]);
    const heard = stage.ask();
    stage.transport.calls[0]?.answer({ status: 500, contentLengthBytes: 4 }, bytes('oops'));
    expect(heard.status).toBeUndefined();
    stage.transport.calls[1]?.breakOff(true);
    expect(bodyOf(stage.transport.calls[2])).toBe('{"model":"third"}');
    stage.transport.calls[2]?.answer({}, bytes('at last'));
    expect(heard).toMatchObject({ status: 200, text: 'at last', ended: 1 });
    expect(heard.who).toMatchObject({ deployment: 'third', model: 'third@1' });
    expect(stage.statuses).toEqual({ first: [500], second: [502], third: [200] });
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('ends with the last failure once the chain is through', () => {
    const stage = createStage([second]);
    const heard = stage.ask();
    stage.transport.calls[0]?.answer({ status: 503, contentLengthBytes: 1 }, bytes('a'));
    stage.transport.calls[1]?.answer({ status: 503, contentLengthBytes: 1 }, bytes('b'));
    expect(heard).toMatchObject({ status: 503, text: 'b', ended: 1, who: { deployment: 'second' } });
    expect(stage.transport.calls).toHaveLength(2);
  });

  it('keeps to what each is for, and passes over what is not there', () => {
    const stage = createStage([{ ...second, on: ['overload'] }, { deployment: 'gone' }, third]);
    const heard = stage.ask();
    stage.transport.calls[0]?.answer({ status: 500, contentLengthBytes: 0 });
    expect(stage.transport.calls[1]?.call.endpoint).toBe('unix:/third');
    stage.transport.calls[1]?.answer({ status: 429, contentLengthBytes: 0 });
    expect(heard).toMatchObject({ status: 429, ended: 1, who: { deployment: 'third' } });
  });

  it('passes over what does not serve what is asked', () => {
    const stage = createStage([second, third], [], { second: ['/v1/embeddings'] });
    const heard = stage.ask();
    stage.transport.calls[0]?.breakOff(true);
    stage.transport.calls[1]?.breakOff(true);
    expect(bodyOf(stage.transport.calls[1])).toBe('{"model":"third"}');
    expect(heard).toMatchObject({ ended: 1, problem: { code: 'replica_failed' } });
  });

  it('does not ask others when the caller is to blame, nor once an answer has begun', () => {
    const stage = createStage([second]);
    const refused = stage.ask();
    stage.transport.calls[0]?.answer({ status: 400 }, bytes('bad'));
    expect(refused).toMatchObject({ status: 400, text: 'bad', ended: 1 });
    const broken = stage.ask();
    stage.transport.calls[1]?.start({});
    stage.transport.calls[1]?.breakOff(true);
    expect(broken).toMatchObject({ status: 200, ended: 1, problem: { code: 'replica_failed' } });
    expect(stage.transport.calls).toHaveLength(2);
  });

  it('is given up when it takes too long to begin, within what is left of the caller’s patience', async () => {
    const stage = createStage([{ ...second, on: ['timeout'], afterMs: 100 }]);
    const heard = stage.ask(250);
    await stage.clock.advance(100);
    expect(stage.transport.calls[0]?.cancelled()).toBe(true);
    expect(stage.transport.calls[1]?.call.endpoint).toBe('unix:/second');
    await stage.clock.advance(149);
    expect(heard.ended).toBe(0);
    await stage.clock.advance(2);
    expect(heard).toMatchObject({ ended: 1, problem: { code: 'deadline_exceeded' } });
    expect(stage.transport.calls).toHaveLength(2);
    expect(stage.dispatch.inFlight()).toBe(0);
  });

  it('stops whoever works on it when the client leaves, and asks nobody else', () => {
    const stage = createStage([second]);
    const heard = stage.ask();
    stage.transport.calls[0]?.start({ status: 500, contentLengthBytes: 4 });
    heard.ticket.cancel();
    expect(stage.transport.calls.map((call) => call.cancelled())).toEqual([true, true]);
    expect(heard.ended).toBe(0);
    expect(stage.dispatch.inFlight()).toBe(0);
  });
});
