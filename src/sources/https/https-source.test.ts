import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { digestOf, noise } from '../../../test/conformance/blobs.ts';
import { openFile, readRange, testSource } from '../../../test/conformance/source.ts';
import { createHttpsSource } from './https-source.ts';
import { parseRedirect } from './web-address.ts';
import { createWebGet } from './web-client.ts';

const never = new AbortController().signal;
const source = createHttpsSource({ scheme: 'http', idleMs: 30_000 });

async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server as it should be: ranges, `If-Range`, ETag. */
function answerWell(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  const etag = `"${digestOf(content)}"`;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const condition = request.headers['if-range'];
  if (first === undefined || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { etag, 'content-length': content.length }).end(content);
    return;
  }
  if (content.length === 0) {
    response.writeHead(416, { etag, 'content-range': 'bytes */0' }).end();
    return;
  }
  const from = Number(first);
  const to = Math.min(Number(last) + 1, content.length);
  const range = `bytes ${from}-${to - 1}/${content.length}`;
  response.writeHead(206, { etag, 'content-range': range, 'content-length': to - from });
  response.end(content.subarray(from, to));
}

async function prepare(first: Buffer, answer: typeof answerWell) {
  let content = first;
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/files/model.gguf')) answer(request, response, content);
    else response.writeHead(404).end('no such file');
  });
  return {
    source,
    uri: `${server.origin}/files/model.gguf?signature=secret`,
    missingUri: `${server.origin}/missing`,
    replace: async (other: Buffer) => {
      content = other;
    },
    close: server.close,
  };
}

function answerWhole(_: IncomingMessage, response: ServerResponse, content: Buffer): void {
  response.writeHead(200, { etag: `"${digestOf(content)}"`, 'content-length': content.length }).end(content);
}

testSource({ name: 'http with ranges', ranged: true, prepare: (content) => prepare(content, answerWell) });
testSource({ name: 'http without', ranged: false, prepare: (content) => prepare(content, answerWhole) });

describe('a server that misbehaves', () => {
  const content = noise(100_000);
  const whole = { from: 0, to: content.length };

  test('and cuts the connection midway: what came is passed on, then it is said', async () => {
    let cut = false;
    const place = await prepare(content, (request, response, bytes) => {
      if (!cut) return answerWell(request, response, bytes);
      response.writeHead(206, {
        etag: `"${digestOf(bytes)}"`,
        'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
        'content-length': bytes.length,
      });
      response.write(bytes.subarray(0, 50_000), () => response.destroy());
    });
    const file = await openFile(source, place.uri);
    cut = true;
    let seen = 0;
    const reading = (async () => {
      for await (const chunk of file.read(whole, never)) seen += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({
      problem: { code: 'source_unavailable', message: expect.stringContaining('broke off after') },
    });
    expect(seen).toBe(50_000);
    await place.close();
  });

  test('and changes the file in between: nothing of the new one is mixed in', async () => {
    for (const answer of [answerWell, answerWhole]) {
      const place = await prepare(content, answer);
      const file = await openFile(source, place.uri);
      await place.replace(Buffer.alloc(100_000, 7));
      await expect(readRange(file, whole)).rejects.toThrow(/has changed/);
      await place.close();
    }
  });

  test('and says no for good: not asked again', async () => {
    const codes = { 401: 'invalid_resource', 403: 'invalid_resource', 404: 'not_found', 410: 'not_found' };
    for (const [status, code] of Object.entries(codes)) {
      const place = await prepare(content, (_, response) => response.writeHead(Number(status)).end());
      const opened = await source.open(place.uri, never);
      expect(opened).toMatchObject({
        ok: false,
        problem: { code, message: expect.stringContaining(`answered ${status}`) },
      });
      expect(JSON.stringify(opened)).not.toContain('secret');
      await place.close();
    }
  });

  test('and says 404 or 429: the status is told, and when to come back', async () => {
    const place = await prepare(content, (_, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end();
    });
    expect(await source.open(place.uri, never)).toMatchObject({
      ok: false,
      problem: {
        code: 'source_unavailable',
        message: expect.stringMatching(/answered 429/),
        retryAfterMs: 7000,
      },
    });
    expect(await source.open(place.missingUri, never)).toMatchObject({
      problem: { message: expect.stringMatching(/answered 404/) },
    });
    await place.close();
  });

  test('and does not tell the size: refused before anything is stored', async () => {
    const place = await prepare(content, (_, response, bytes) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(bytes);
    });
    expect(await source.open(place.uri, never)).toMatchObject({
      problem: { message: expect.stringContaining('does not tell its size') },
    });
    await place.close();
  });

  test('and falls silent: given up after the patience it was granted', async () => {
    const impatient = createHttpsSource({ scheme: 'http', idleMs: 300 });
    const place = await prepare(content, () => undefined);
    expect(await impatient.open(place.uri, never)).toMatchObject({
      ok: false,
      problem: { code: 'source_unavailable' },
    });
    await place.close();
  });

  test('and is not there at all', async () => {
    const server = await serve(() => undefined);
    await server.close();
    expect(await source.open(`${server.origin}/x?token=secret`, never)).toEqual({
      ok: false,
      problem: {
        code: 'source_unavailable',
        message: `${server.origin}/x did not answer: ECONNREFUSED.`,
      },
    });
  });
});

describe('addresses', () => {
  const content = noise(1000);

  test('an empty file is a file', async () => {
    const place = await prepare(Buffer.alloc(0), answerWell);
    const file = await openFile(source, place.uri);
    expect(file).toMatchObject({ sizeBytes: 0 });
    expect(await readRange(file, { from: 0, to: 0 })).toHaveLength(0);
    await place.close();
  });

  test('user and password go to the host they were given for, and never along a redirect', async () => {
    const heard: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      heard.push(request.headers.authorization);
      answerWell(request, response, content);
    });
    const place = await serve((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(302, { location: `${elsewhere.origin}/model.gguf` }).end();
    });
    const address = place.origin.replace('http://', 'http://ada:s3cret@');
    const file = await openFile(source, `${address}/model.gguf`);
    expect(content.equals(await readRange(file, { from: 0, to: 1000 }))).toBe(true);
    const basic = `Basic ${Buffer.from('ada:s3cret').toString('base64')}`;
    expect(heard).toEqual([basic, undefined, basic, undefined]);
    await place.close();
    await elsewhere.close();
  });

  test('a redirect without end is cut off', async () => {
    const place = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
    expect(await source.open(`${place.origin}/x`, never)).toMatchObject({
      problem: { message: expect.stringContaining('redirects more than 5 times') },
    });
    await place.close();
  });

  test('what is public does not lead to this machine, nor from https to http', () => {
    const publicly = new URL('https://models.example/x');
    for (const location of ['http://127.0.0.1:9/admin', 'https://localhost/', 'http://models.example/x']) {
      expect(parseRedirect(publicly, location)).toMatchObject({ ok: false });
    }
    expect(parseRedirect(publicly, '/y?z')).toEqual({
      ok: true,
      value: new URL('https://models.example/y?z'),
    });
  });

  test('http beyond this machine is refused, and no secret of an address is repeated', async () => {
    const opened = await source.open('http://ada:s3cret@models.example/x?signature=hidden', never);
    expect(opened).toMatchObject({ ok: false, problem: { code: 'invalid_request' } });
    expect(JSON.stringify(opened)).not.toMatch(/s3cret|hidden/);
  });

  test('cancelling ends the request at once', async () => {
    const place = await prepare(content, (request, response, bytes) => {
      const range = `bytes 0-${bytes.length - 1}/${bytes.length}`;
      if (request.headers.range === 'bytes=0-0') return answerWell(request, response, bytes);
      response.writeHead(206, { etag: `"${digestOf(bytes)}"`, 'content-range': range });
      response.write(bytes.subarray(0, 10));
    });
    const file = await openFile(source, place.uri);
    const cancelling = new AbortController();
    const reading = (async () => {
      for await (const _ of file.read({ from: 0, to: 1000 }, cancelling.signal)) cancelling.abort();
    })();
    await expect(reading).rejects.toThrow(/was cancelled/);
    await place.close();
  });
});

test.each([
  ['of a length that is told', (response: ServerResponse) => response.setHeader('content-length', 100_000)],
  ['that ends with its connection', (response: ServerResponse) => response.removeHeader('content-length')],
])('may come from a server that closes behind a file %s while it is still read', async (_, frame) => {
  const content = noise(100_000);
  const server = await serve((_request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.setHeader('connection', 'close');
    frame(response);
    response.end(content);
  });
  const get = createWebGet({ idleMs: 10_000 });
  const answer = await get(new URL(`${server.origin}/file`), {}, never);
  if (!answer.ok) throw new Error(answer.problem.message);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const parts: Buffer[] = [];
  for await (const part of answer.value.body) {
    parts.push(part);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(Buffer.concat(parts).equals(content)).toBe(true);
  await server.close();
});
