import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMillrace, MillraceError, type Millrace } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let client: Millrace;
let answer: Answer;

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  client = createMillrace({ baseUrl: `http://127.0.0.1:${String(port)}/`, apiKey: 'mr_secret' });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-1' });
  response.end(JSON.stringify(value));
}

function events(response: ServerResponse, data: readonly unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'r-1' });
  for (const one of data) response.write(`data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`);
}

const hello = { model: 'demo', messages: [{ role: 'user' as const, content: 'Hello' }] };

function chunk(content: string): object {
  return {
    id: '1',
    model: 'demo',
    created: 1,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  };
}

describe('the client', () => {
  it('sends the key and what was asked, to the right address', async () => {
    answer = (request, response, body) => {
      const { method, url, headers } = request;
      json(response, 200, { method, url, key: headers.authorization, body });
    };
    const seen: unknown = await client
      .resources('Model')
      .patch('a/b', { spec: { description: null } }, { reason: 'why not', resourceVersion: '7' });
    expect(seen).toEqual({
      method: 'PATCH',
      url: '/api/v1/models/a%2Fb?reason=why+not',
      key: 'Bearer mr_secret',
      body: '{"spec":{"description":null}}',
    });
  });

  it('throws refusals with all that is known about them', async () => {
    answer = (_request, response) => {
      response.setHeader('retry-after', '3');
      json(response, 503, { error: { code: 'model_loading', message: 'At 40 %.', param: 'model' } });
    };
    const fault: unknown = await client.chat(hello).catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(MillraceError);
    expect(fault).toMatchObject({
      code: 'model_loading',
      message: 'At 40 %.',
      status: 503,
      param: 'model',
      requestId: 'r-1',
      retryAfterMs: 3000,
      blame: 'platform',
      retry: 'later',
    });
  });

  it('makes sense of the page of a proxy, and of nobody being there', async () => {
    answer = (_request, response) => {
      response.writeHead(502).end('<html>Bad gateway</html>');
    };
    await expect(client.status()).rejects.toMatchObject({ code: 'internal', status: 502 });
    const nobody = createMillrace({ baseUrl: 'http://127.0.0.1:9' });
    await expect(nobody.status()).rejects.toMatchObject({ code: 'unreachable', status: 0, retry: 'later' });
  });

  it('gives a caller who gave up its own reason back', async () => {
    answer = () => undefined;
    const leaving = new AbortController();
    const asked = client.status({ signal: leaving.signal });
    leaving.abort(new DOMException('enough', 'TimeoutError'));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('takes another fetch', async () => {
    const seen: string[] = [];
    const own = createMillrace({
      baseUrl: 'https://example.test',
      fetch: (input) => {
        seen.push(input instanceof Request ? input.url : String(input));
        return Promise.resolve(Response.json({ data: [] }));
      },
    });
    expect(await own.models()).toEqual([]);
    expect(seen).toEqual(['https://example.test/v1/models']);
  });
});

describe('a streamed chat', () => {
  it('comes piece by piece until it is done', async () => {
    answer = (_request, response, body) => {
      expect(JSON.parse(body)).toMatchObject({ stream: true, model: 'demo' });
      events(response, [chunk('Hel'), chunk('lo'), '[DONE]']);
      response.end();
    };
    let text = '';
    for await (const { choices } of client.chatStream(hello)) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello');
  });

  it('that fails midway throws what the platform said', async () => {
    answer = (_request, response) => {
      events(response, [chunk('Hel'), { error: { code: 'replica_failed', message: 'It ended.' } }]);
      response.end();
    };
    const chunks = client.chatStream(hello);
    expect((await chunks.next()).done).toBe(false);
    await expect(chunks.next()).rejects.toMatchObject({ code: 'replica_failed', requestId: 'r-1' });
  });

  it('that is cut off is not taken for complete', async () => {
    answer = (_request, response) => {
      events(response, [chunk('Hel')]);
      setImmediate(() => response.destroy());
    };
    const chunks = client.chatStream(hello);
    await chunks.next();
    await expect(chunks.next()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('closes the connection when the reader leaves, so that the computation stops', async () => {
    const closed = new Promise((resolve) => {
      answer = (_request, response) => {
        events(response, [chunk('one')]);
        response.once('close', resolve);
      };
    });
    const chunks = client.chatStream(hello);
    expect((await chunks.next()).done).toBe(false);
    await chunks.return();
    await closed;
  });
});

describe('inference', () => {
  it('answers whole or piece by piece', async () => {
    const whole = { id: '1', model: 'demo', version: '1', predictions: [{ text: 'ab' }] };
    answer = (_request, response, body) => {
      const { stream } = JSON.parse(body);
      if (stream === true) events(response, [{ text: 'a' }, { text: 'b' }, whole, '[DONE]']);
      else json(response, 200, whole);
      response.end();
    };
    const request = { model: 'demo', input_text: 'x' };
    expect(await client.infer(request)).toEqual(whole);
    const pieces: unknown[] = [];
    for await (const event of client.inferStream(request)) pieces.push(event);
    expect(pieces).toEqual([{ text: 'a' }, { text: 'b' }, whole]);
  });

  it('tells what somebody thinks of an answer', async () => {
    answer = (_request, response, body) => {
      json(response, 200, { request_id: JSON.parse(body).request_id, model: 'chat@2' });
      response.end();
    };
    const kept = await client.feedback({ request_id: 'req_1', rating: 4 });
    expect(kept).toEqual({ request_id: 'req_1', model: 'chat@2' });
  });

  it('asks in tensors as they are, and answers so', async () => {
    const tensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
    answer = (_request, response, body) => {
      const { inputs, ...rest } = JSON.parse(body);
      json(response, 200, { ...rest, id: '1', outputs: inputs });
      response.end();
    };
    const request = { model: 'layers', inputs: [tensor] };
    expect(await client.inferTensors(request)).toEqual({ model: 'layers', id: '1', outputs: [tensor] });
  });
});
