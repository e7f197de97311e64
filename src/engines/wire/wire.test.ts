import { createConnection } from 'node:net';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problem, ProblemError } from '#schema';
import { ask } from './ask.ts';
import { askLife } from './life.ts';
import { openListener, parseListen } from './listen.ts';
import { createWireServer, type WireHandler, type WireServer } from './server.ts';

let folder = '';
let wire: WireServer | undefined;
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wire-'));
});

afterEach(async () => {
  await wire?.drain(0);
  wire = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(routes: Record<string, WireHandler>, faults: string[] = []): Promise<string> {
  wire = createWireServer({
    routes,
    life: () => ({ state: 'ready', progress: 7, active: 1, queued: 0, facts: { tokens_decoded: 7 } }),
    onFault: (event) => faults.push(event),
    bodyBytesMax: 1000,
  });
  const opened = await openListener(wire.server, { kind: 'unix', path: join(folder, 'w.sock') });
  if (!opened.ok) throw new ProblemError(opened.problem);
  return opened.value;
}

interface Got {
  readonly status: number;
  readonly text: string;
}

function post(endpoint: string, path: string, body: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: endpoint.slice(5), path, method: 'POST' }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('the address to listen on', () => {
  it('is a socket or a port, and nothing else', () => {
    expect(parseListen('unix:/run/a.sock')).toEqual({
      ok: true,
      value: { kind: 'unix', path: '/run/a.sock' },
    });
    expect(parseListen('tcp:0')).toEqual({ ok: true, value: { kind: 'tcp', host: '127.0.0.1', port: 0 } });
    expect(parseListen('tcp:10.0.0.7:0#chat-1')).toEqual({
      ok: true,
      value: { kind: 'tcp', host: '10.0.0.7', port: 0 },
    });
    for (const bad of ['', 'tcp:', 'tcp:65536', 'tcp:1.2.3.4', 'unix:relative', 'http://x'])
      expect(parseListen(bad)).toMatchObject({ ok: false, problem: { code: 'invalid_request' } });
  });

  it('belongs to the owner alone, and a socket left behind by the dead is replaced', async () => {
    const endpoint = await serve({});
    const path = endpoint.slice(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const second = createWireServer({
      routes: {},
      life: () => ({ state: 'ready', progress: 0, active: 0, queued: 0 }),
      onFault: () => undefined,
    });
    const taken = await openListener(second.server, { kind: 'unix', path });
    expect(taken).toMatchObject({ ok: false, problem: { code: 'in_use' } });
    expect(existsSync(path)).toBe(true);

    const file = join(folder, 'precious.txt');
    writeFileSync(file, 'not a socket');
    expect(await openListener(second.server, { kind: 'unix', path: file })).toMatchObject({ ok: false });
    expect(existsSync(file)).toBe(true);
  });

  it('may be a port that the system chooses', async () => {
    await serve({});
    const second = createWireServer({
      routes: {},
      life: () => ({ state: 'loading', progress: 0, active: 0, queued: 0 }),
      onFault: () => undefined,
    });
    const opened = await openListener(second.server, { kind: 'tcp', host: '127.0.0.1', port: 0 });
    expect(opened).toMatchObject({ ok: true, value: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const life = opened.ok ? await askLife(opened.value, never) : opened;
    expect(life).toMatchObject({ ok: true, value: { state: 'loading' } });
    await second.drain(0);
  });
});

describe('signs of life', () => {
  it('are read over the socket', async () => {
    const endpoint = await serve({});
    expect(await askLife(endpoint, never)).toEqual({
      ok: true,
      value: { state: 'ready', progress: 7, active: 1, queued: 0, facts: { tokens_decoded: 7 } },
    });
  });

  it('are missing where nobody listens, or nonsense is said', async () => {
    expect(await askLife(`unix:${join(folder, 'nobody.sock')}`, never)).toMatchObject({
      ok: false,
      problem: { code: 'replica_failed' },
    });
    wire = createWireServer({
      routes: {},
      life: () => ({ state: 'ready', progress: -1, active: 0, queued: 0 }),
      onFault: () => undefined,
    });
    const opened = await openListener(wire.server, { kind: 'tcp', host: '127.0.0.1', port: 0 });
    expect(opened.ok && (await askLife(opened.value, never))).toMatchObject({
      ok: false,
      problem: { code: 'replica_failed' },
    });
  });

  it('are not waited for once nobody wants them', async () => {
    const endpoint = await serve({ 'GET /slow': () => new Promise(() => undefined) });
    const caller = new AbortController();
    const asked = ask({ endpoint, path: '/slow', signal: caller.signal });
    caller.abort();
    expect(await asked).toMatchObject({ ok: false });
  });
});

describe('requests', () => {
  it('carry JSON and get JSON back', async () => {
    const endpoint = await serve({ 'POST /echo': ({ body }, reply) => reply.json(200, { got: body }) });
    expect(await post(endpoint, '/echo?x=1', '{"a":[1]}')).toEqual({
      status: 200,
      text: '{"got":{"a":[1]}}',
    });
  });

  it('are refused in the shape that clients know', async () => {
    const endpoint = await serve({
      'POST /echo': ({ body }, reply) => reply.json(200, { got: body }),
      'POST /busy': () => {
        throw new ProblemError(problem('overloaded', 'too much', { retryAfterMs: 1500 }));
      },
    });
    const refusal = async (path: string, body: string): Promise<unknown> => {
      const got = await post(endpoint, path, body);
      return [got.status, JSON.parse(got.text).error.code];
    };
    expect(await refusal('/echo', '{"a"')).toEqual([400, 'invalid_json']);
    expect(await refusal('/echo', `"${'x'.repeat(2000)}"`)).toEqual([413, 'payload_too_large']);
    expect(await refusal('/nowhere', '{}')).toEqual([404, 'not_found']);
    expect(await refusal('/busy', '{}')).toEqual([503, 'overloaded']);
  });

  it('too long without saying so beforehand are refused too', async () => {
    const endpoint = await serve({ 'POST /echo': ({ body }, reply) => reply.json(200, body) });
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: endpoint.slice(5),
          path: '/echo',
          method: 'POST',
          headers: { 'transfer-encoding': 'chunked' },
        },
        (incoming) => resolve(incoming.resume().statusCode),
      );
      outgoing.on('error', reject);
      outgoing.write('x'.repeat(900));
      outgoing.write('x'.repeat(900));
      outgoing.end();
    });
    expect(status).toBe(413);
  });

  it('of which the handler fails are answered, and the fault is reported', async () => {
    const faults: string[] = [];
    const endpoint = await serve(
      {
        'POST /bug': () => {
          throw new TypeError('undefined is not a function');
        },
      },
      faults,
    );
    expect((await post(endpoint, '/bug', '{}')).status).toBe(500);
    expect(faults).toEqual(['request-failed']);
  });
});

describe('streams', () => {
  it('send events and end', async () => {
    const endpoint = await serve({
      'POST /count': (_, reply) => {
        const stream = reply.stream();
        for (const n of [1, 2, 3]) stream.write(String(n));
        stream.end();
      },
    });
    const got = await post(endpoint, '/count', '{}');
    expect(got.text).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: [DONE]\n\n');
  });

  it('that fail midway end with an error event', async () => {
    const endpoint = await serve({
      'POST /fail': (_, reply) => {
        reply.stream().write('1');
        throw new ProblemError(problem('replica_failed', 'the context was lost'));
      },
    });
    const got = await post(endpoint, '/fail', '{}');
    expect(got.status).toBe(200);
    const [first, second] = got.text.split('\n\n');
    expect(first).toBe('data: 1');
    expect(JSON.parse(second?.slice(6) ?? '')).toMatchObject({ error: { code: 'replica_failed' } });
    expect(got.text).not.toContain('[DONE]');
  });

  it.each(['destroy', 'end'] as const)('tell the handler when the client goes away (%s)', async (how) => {
    let noticed: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (noticed = resolve));
    const endpoint = await serve({
      'POST /forever': ({ signal }, reply) => {
        reply.stream().write('1');
        signal.addEventListener('abort', () => noticed?.());
      },
    });
    const socket = createConnection(endpoint.slice(5));
    socket.write('POST /forever HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
    socket.once('data', () => socket[how]());
    await expect(gone).resolves.toBeUndefined();
    socket.destroy();
  });

  it('hold back a handler whose client does not read', async () => {
    let writtenBytes = 0;
    let refused: (() => void) | undefined;
    const full = new Promise<void>((resolve) => (refused = resolve));
    const endpoint = await serve({
      'POST /flood': async ({ signal }, reply) => {
        const stream = reply.stream();
        const piece = JSON.stringify('x'.repeat(10_000));
        while (!signal.aborted) {
          writtenBytes += piece.length;
          if (stream.write(piece)) continue;
          refused?.();
          await stream.drained();
        }
      },
    });
    const socket = createConnection(endpoint.slice(5));
    socket.pause();
    socket.write('POST /flood HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
    await full;
    expect(writtenBytes).toBeLessThan(5_000_000);
    socket.destroy();
  });
});

describe('a worker that is asked to stop', () => {
  it('lets running requests end and takes no new ones', async () => {
    let release: (() => void) | undefined;
    const endpoint = await serve({
      'POST /work': async (_, reply) => {
        await new Promise<void>((resolve) => (release = resolve));
        reply.json(200, 'done');
      },
    });
    const working = post(endpoint, '/work', '{}');
    await expect.poll(() => release).toBeDefined();
    const drained = wire?.drain(60_000);
    expect(await askLife(endpoint, never)).toMatchObject({ ok: false });
    release?.();
    expect(await working).toEqual({ status: 200, text: '"done"' });
    await drained;
  });
});
