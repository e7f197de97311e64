import { gzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, feedback, startGateway, startReplica } from './stage.ts';

afterEach(cleanUp);

const chat = '/v1/chat/completions';
function ask(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + chat, {
    method: 'POST',
    headers: { authorization: 'Bearer mr_user', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function errorOf(
  response: Response,
): Promise<{ status: number; code: string; param: string | null; message: string }> {
  const { error } = JSON.parse(await response.text());
  return { status: response.status, ...error };
}

function infer(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/v1/inference`, {
    method: 'POST',
    headers: { authorization: 'Bearer mr_user' },
    body: JSON.stringify(body),
  });
}
const events = (...payloads: string[]): string =>
  payloads.map((payload) => `data: ${payload}\r\n\r\n`).join('');
const delta = (content: string): string => JSON.stringify({ choices: [{ delta: { content } }] });

describe('the gateway', () => {
  it('passes the body and the answer through unchanged, and says who answered', async () => {
    const sent = '{ "model":"chat",   "messages":[{"role":"user","content":"ünïcødé ☃"}], "x" : 1 }';
    let received = '';
    const replica = await startReplica((request, response) => {
      request.setEncoding('utf8').on('data', (part: string) => (received += part));
      request.on('end', () => response.setHeader('content-type', 'application/json').end('{"answer":  42}'));
    });
    const url = await startGateway(replica);
    const response = await ask(url, sent, { 'x-request-id': 'mine-1' });
    expect(await response.text()).toBe('{"answer":  42}');
    expect(received).toBe(sent);
    expect(response.headers.get('x-request-id')).toBe('mine-1');
    expect(response.headers.get('x-millrace-model')).toBe('tiny@1');
    expect(response.headers.get('server-timing')).toMatch(/queue;dur=.*first-byte;dur=.*total;dur=/);
  });

  it('takes identity from the key alone', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')));
    const body = { model: 'chat' };
    expect((await ask(url, body)).status).toBe(200);
    expect(await errorOf(await ask(url, body, { authorization: '' }))).toMatchObject({
      status: 401,
      code: 'missing_key',
    });
    expect(await errorOf(await ask(url, body, { authorization: 'Bearer mr_guess' }))).toMatchObject({
      status: 401,
      code: 'invalid_key',
    });
    expect(await errorOf(await ask(url, body, { authorization: 'Bearer mr_old' }))).toMatchObject({
      status: 401,
      code: 'invalid_key',
    });
    const listed = await fetch(`${url}/api/v1/keys`, { headers: { authorization: 'Bearer mr_user' } });
    expect(await errorOf(listed)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says what is wrong with a body that names no model', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')));
    expect(await errorOf(await ask(url, '{"model": "chat", oops'))).toMatchObject({
      status: 400,
      code: 'invalid_json',
    });
    const compressed = await fetch(url + chat, {
      method: 'POST',
      headers: { authorization: 'Bearer mr_user', 'content-encoding': 'gzip' },
      body: gzipSync('{"model": "chat"}'),
    });
    expect(await errorOf(compressed)).toMatchObject({
      status: 400,
      message: expect.stringContaining('Send it as it is'),
    });
    expect(await errorOf(await ask(url, '{"messages": []}'))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: 'model',
    });
    expect(await errorOf(await ask(url, { model: 'none' }))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    expect(
      await errorOf(await fetch(`${url}/v1/nothing`, { headers: { authorization: 'Bearer mr_user' } })),
    ).toMatchObject({ status: 404, code: 'not_found' });
    expect(
      await errorOf(await fetch(url + chat, { headers: { authorization: 'Bearer mr_user' } })),
    ).toMatchObject({ status: 405 });
  });

  it('refuses a body of 100 MB with an answer the client gets to read', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')));
    const response = await ask(url, `{"model":"chat","x":"${'y'.repeat(100 * 1024 * 1024)}"}`);
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it('refuses a head that is too large and one that never ends', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')), {
      headersMs: 500,
      bodyMs: 500,
    });
    const large = await fetch(`${url}/healthz`, { headers: { 'x-filler': 'x'.repeat(20_000) } });
    expect(await errorOf(large)).toMatchObject({ status: 431, code: 'headers_too_large' });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    await once(socket, 'close');
    expect(answer).toContain('408');
  });

  it('cuts off a body that never ends; an upload may take its time as long as something comes', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')), { bodyMs: 300 });
    const speak = (path: string, type: string, pieces: readonly string[]) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const length = pieces.join('').length;
      let answer = '';
      socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mr_user\r\nconnection: close\r\n`;
      socket.write(`${head}content-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`);
      return { socket, heard: once(socket, 'close').then(() => answer) };
    };
    const stuck = speak('/v1/inference', 'application/json', ['{"model"', ': "chat"}']);
    stuck.socket.write('{"model"');
    expect(await stuck.heard).toContain('408');
    const file = 'content-disposition: form-data; name="file"; filename="a.jsonl"';
    const pieces = ['--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'];
    pieces.push(`--x\r\n${file}\r\n\r\n`, '{}\n', '{}\n', '{}\n', '\r\n--x--\r\n');
    const slow = speak('/v1/files', 'multipart/form-data; boundary=x', pieces);
    for (const piece of pieces) {
      slow.socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(await slow.heard).toMatch(/200 OK.*"bytes":9/s);
  });

  it('streams as it comes, and a replica that breaks off says so in an event', async () => {
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"n":1}\n\n');
      setTimeout(() => response.destroy(), 20);
    });
    const url = await startGateway(replica);
    const response = await ask(url, { model: 'chat', stream: true });
    const text = await response.text();
    expect(text.startsWith('data: {"n":1}\n\n')).toBe(true);
    expect(text).toContain('"code":"replica_failed"');
  });

  it('closes the connection to the replica when the client goes away', async () => {
    let gone: (() => void) | undefined;
    const wentAway = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      response.on('close', () => gone?.());
    });
    const url = await startGateway(replica);
    const stop = new AbortController();
    const response = await fetch(url + chat, {
      method: 'POST',
      headers: { authorization: 'Bearer mr_user' },
      body: '{"model":"chat"}',
      signal: stop.signal,
    });
    expect(response.status).toBe(200);
    stop.abort();
    await wentAway;
  });

  it('holds back a replica whose client does not read, and cuts the client off in the end', async () => {
    let written = 0;
    let ended: ((why: string) => void) | undefined;
    const over = new Promise<string>((resolve) => {
      ended = resolve;
    });
    const total = 200 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.on('close', () => ended?.('closed'));
      function push(): void {
        while (written < total) {
          written += piece.length;
          if (!response.write(piece)) {
            response.once('drain', push);
            return;
          }
        }
        response.end();
      }
      push();
    });
    const url = await startGateway(replica, { slowClientMs: 300 });
    const client = httpRequest(url + chat, { method: 'POST', headers: { authorization: 'Bearer mr_user' } });
    client.on('error', () => undefined);
    client.end('{"model":"chat"}');
    client.on('response', (response) => {
      response.on('error', () => undefined);
      response.pause();
    });
    await over;
    expect(written).toBeLessThan(total / 4);
    client.destroy();
  });

  it('translates a stream whatever its line ends', async () => {
    const last = JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`: a comment\r\n\r\nevent: x\r\n${events(delta('Hel'), delta('lo'), last, '[DONE]')}`);
    });
    const text = await (
      await infer(await startGateway(replica), { model: 'chat', input_text: 'hi', stream: true })
    ).text();
    expect(text).toContain('data: {"text":"Hel"}');
    expect(text).toContain('"predictions":[{"text":"Hello","finish_reason":"stop"}]');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('gives up on a replica whose event never ends, and on nothing else', async () => {
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.on('error', () => undefined);
      for (let piece = 0; piece < 64; piece++) response.write('x'.repeat(65_536));
      response.end();
    });
    const url = await startGateway(replica);
    const text = await (await infer(url, { model: 'chat', input_text: 'hi', stream: true })).text();
    expect(text).toContain('"code":"replica_failed"');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('asks again without log probabilities where an engine gives none', async () => {
    const asked: string[] = [];
    const replica = await startReplica((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        asked.push(body);
        if (body.includes('logprobs'))
          response.writeHead(400).end('{"error":{"message":"no logprobs here"}}');
        else if (body.includes('"stream":true'))
          response
            .writeHead(200, { 'content-type': 'text/event-stream' })
            .end(events(delta('plain'), '[DONE]'));
        else response.end('{"choices":[{"message":{"content":"plain"},"finish_reason":"stop"}]}');
      });
    });
    const url = await startGateway(replica);
    const whole = await infer(url, { model: 'chat', input_text: 'hi' });
    expect(JSON.parse(await whole.text()).predictions[0].text).toBe('plain');
    expect(await (await infer(url, { model: 'chat', input_text: 'hi', stream: true })).text()).toContain(
      '"text":"plain"',
    );
    expect(asked).toHaveLength(4);
  });

  it('cuts a connection rather than answering into the middle of an answer', async () => {
    const replica = await startReplica((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const url = await startGateway(replica);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const body = '{"model":"chat"}';
    socket.write(
      `POST ${chat} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mr_user\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
      if (answer.includes('data: 1')) socket.write('NONSENSE\r\n\r\n');
    });
    await once(socket, 'close');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('lets no replica write headers of its own into an answer, nor end the gateway by trying', async () => {
    const replica = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: a/b\nx-injected: 1\r\ncontent-length: 2\r\n\r\n{}');
        });
    }).listen(0, '127.0.0.1');
    await once(replica, 'listening');
    const address = replica.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = await startGateway(`http://127.0.0.1:${port}`);
    // A body in chunks is read, and so answered, by Node; the other by ourselves.
    for (const headers of [{ 'transfer-encoding': 'chunked' }, {}]) {
      const request = httpRequest(url + chat, {
        method: 'POST',
        headers: { authorization: 'Bearer mr_user', ...headers },
      }).end('{"model":"chat"}');
      const [response] = await once(request, 'response');
      response.resume();
      expect([response.statusCode, response.headers['x-injected']]).toEqual([502, undefined]);
    }
    replica.close();
  });

  it('says who answered, and how long it took, on every wire', async () => {
    const answers = {
      whole: ['application/json', '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'],
      stream: ['text/event-stream', `${events(delta('x'))}data: [DONE]\n\n`],
      tensors: ['application/json', '{"outputs":[]}'],
      refusal: ['application/json', '{"error":{"message":"no"}}'],
    } as const;
    let given: keyof typeof answers = 'whole';
    const replica = await startReplica((request, response) => {
      request.resume();
      const [type, body] = answers[given];
      response.writeHead(given === 'refusal' ? 400 : 200, { 'content-type': type }).end(body);
    });
    const url = await startGateway(replica);
    const messages = (stream: boolean): Promise<Response> =>
      fetch(`${url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': 'mr_user' },
        body: JSON.stringify({
          model: 'chat',
          max_tokens: 1,
          stream,
          messages: [{ role: 'user', content: 'x' }],
        }),
      });
    const words = (stream: boolean): Promise<Response> =>
      infer(url, { model: 'chat', input_text: 'x', stream });
    const kinds = [
      ['whole', () => messages(false)],
      ['whole', () => words(false)],
      ['stream', () => messages(true)],
      ['stream', () => words(true)],
      ['tensors', () => infer(url, { model: 'chat', inputs: [] })],
      ['refusal', () => messages(true)],
      ['refusal', () => words(false)],
    ] as const;
    for (const [kind, send] of kinds) {
      given = kind;
      const { headers } = await send();
      expect(headers.get('x-millrace-model')).toBe('tiny@1');
      expect(headers.get('x-millrace-cache')).toBe('none');
      expect(headers.get('server-timing')).toMatch(/^queue;dur=[\d.]+, first-byte;dur=[\d.]+/);
      expect(headers.get('x-request-id')).not.toBeNull();
    }
  });

  it('says on every path which methods it takes', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')));
    const headers = { authorization: 'Bearer mr_user' };
    const taken = { POST: [chat, '/v1/messages', '/v1/inference', '/v1/feedback', '/v2/models/chat/infer'] };
    for (const path of taken.POST) {
      const response = await fetch(url + path, { headers });
      expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, 'POST']);
    }
    const asked = await fetch(`${url}/v2/models/chat`, { method: 'DELETE', headers });
    expect([asked.status, asked.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('says how long it took to refuse what no replica was asked', async () => {
    const url = await startGateway(await startReplica((_, response) => response.end('{}')));
    const headers = { authorization: 'Bearer mr_user' };
    const messages = [{ role: 'user', content: 'Hi' }];
    const asked: readonly (readonly [path: string, body: object])[] = [
      [chat, { messages }],
      ['/v1/messages', { messages, max_tokens: 1 }],
      ['/v1/messages', { messages, max_tokens: 1, stream: true }],
      ['/v1/inference', { input_text: 'Hi' }],
      ['/v1/inference', { inputs: [] }],
    ];
    for (const [path, body] of asked) {
      const sent = JSON.stringify({ ...body, model: 'nobody' });
      const response = await fetch(url + path, { method: 'POST', headers, body: sent });
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('server-timing')).toMatch(/^total;dur=[\d.]+$/);
    }
  });

  it('says when to come again with every 429 and 503, as the engine does or after a second', async () => {
    let retryAfter: string | undefined;
    const replica = await startReplica((request, response) => {
      request.resume();
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      response.writeHead(429, { 'content-type': 'application/json' }).end('{"error":{"message":"busy"}}');
    });
    const url = await startGateway(replica);
    const waits = async (): Promise<unknown> => {
      const answers = [
        await ask(url, { model: 'chat' }),
        await infer(url, { model: 'chat', input_text: 'x' }),
        await infer(url, { model: 'chat', inputs: [] }),
        await fetch(`${url}/v1/messages`, {
          method: 'POST',
          headers: { 'x-api-key': 'mr_user' },
          body: '{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":"x"}]}',
        }),
      ];
      return Promise.all(
        answers.map(async (answer) => [(await answer.text()).length > 0, answer.headers.get('retry-after')]),
      );
    };
    expect(await waits()).toEqual(Array.from({ length: 4 }, () => [true, '1']));
    retryAfter = '7';
    expect(await waits()).toEqual(Array.from({ length: 4 }, () => [true, '7']));
    for (const nonsense of ['', 'soon', '-1', '1e9']) {
      retryAfter = nonsense;
      expect(await waits()).toEqual(Array.from({ length: 4 }, () => [true, '1']));
    }
  });

  it('does not tell callers where replicas listen, nor puts long names into answers', async () => {
    const url = await startGateway('unix:/nowhere/secret-home/run/r.sock');
    const lost = await ask(url, { model: 'chat' });
    expect(await lost.text()).not.toContain('secret-home');
    const long = await ask(url, { model: 'm'.repeat(5000) });
    expect((await long.text()).length).toBeLessThan(500);
    const odd = await fetch(`${url}/v1/models/%E0%A4%A`, { headers: { authorization: 'Bearer mr_user' } });
    expect(odd.status).toBe(404);
  });
});

function tell(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/v1/feedback`, {
    method: 'POST',
    headers: { authorization: 'Bearer mr_user' },
    body: JSON.stringify(body),
  });
}

describe('feedback', () => {
  it('is kept with the version that answered', async () => {
    const replica = await startReplica((_, response) => response.end('{"answer":42}'));
    const url = await startGateway(replica);
    await (await ask(url, { model: 'chat' }, { 'x-request-id': 'mine-1' })).text();
    const told = await tell(url, { request_id: 'mine-1', rating: 2, correction: '43', subject: 'Ada' });
    expect([told.status, await told.json()]).toEqual([200, { request_id: 'mine-1', model: 'tiny@1' }]);
    expect(feedback.at(-1)).toMatchObject({
      requestId: 'mine-1',
      key: 'user',
      deployment: 'chat',
      model: 'tiny@1',
      rating: 2,
      correction: '43',
      subject: 'Ada',
    });
  });

  it('is refused about answers that nobody knows, and without an opinion', async () => {
    const url = await startGateway(await startReplica((_, response) => response.writeHead(500).end('{}')));
    await (await ask(url, { model: 'chat' }, { 'x-request-id': 'failed' })).text();
    const unknown = await errorOf(await tell(url, { request_id: 'failed', rating: 5 }));
    expect(unknown).toMatchObject({ status: 404, param: 'request_id' });
    const silent = await errorOf(await tell(url, { request_id: 'mine-1' }));
    expect(silent).toMatchObject({ status: 400, code: 'invalid_request' });
    const odd = await errorOf(await tell(url, { request_id: 'mine-1', rating: 6 }));
    expect(odd).toMatchObject({ status: 400, param: 'rating' });
  });
});
