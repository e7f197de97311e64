import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { digestOf, noise } from '../../../test/conformance/blobs.ts';
import { openFile, readRange, testSource } from '../../../test/conformance/source.ts';
import { createHfSource } from './hf-source.ts';
import { parseHubAddress } from './hub-address.ts';

const never = new AbortController().signal;
const token = 'hf_very_secret_token';
const idleMs = 30_000;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer) {
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

/**
 * A small hub: `paths-info` tells size and SHA-256, `resolve` redirects to a content network on another origin.
 * Both ask for the token on the hub; the network must never see it.
 */
async function startHub(first: Buffer, cdn: Answer = () => undefined) {
  const state = { content: first, hub: new Set<string>(), network: new Set<string>() };
  const network = await serve((request, response) => {
    state.network.add(request.headers.authorization ?? 'none');
    cdn(request, response);
    if (response.headersSent || response.destroyed) return;
    const [, from = '0', last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const all = state.content;
    const part = all.subarray(Number(from), last === undefined ? all.length : Number(last) + 1);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${all.length}`;
    response.writeHead(last === undefined ? 200 : 206, { etag: '"cdn"', 'content-range': range }).end(part);
  });
  const hub = await serve((request, response) => {
    const { url = '' } = request;
    state.hub.add(request.headers.authorization ?? 'none');
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `bad credentials ${request.headers.authorization}` }));
    } else if (url === '/api/models/ada/demo/paths-info/main') {
      const oid = digestOf(state.content).slice('sha256:'.length);
      const size = state.content.length;
      const entry = {
        type: 'file',
        path: 'q8/model.gguf',
        oid: 'git',
        size,
        lfs: { oid, size, pointerSize: 9 },
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([entry]));
    } else if (url === '/ada/demo/resolve/main/q8/model.gguf') {
      response.writeHead(302, { location: `${network.origin}/object?signature=hidden` }).end();
    } else {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    }
  });
  const close = async () => {
    await hub.close();
    await network.close();
  };
  return { state, origin: hub.origin, close };
}

async function prepare(first: Buffer) {
  const hub = await startHub(first);
  return {
    source: createHfSource({ hubUrl: hub.origin, token, idleMs }),
    uri: 'hf:ada/demo/q8/model.gguf',
    missingUri: 'hf:ada/demo/missing.gguf',
    replace: async (other: Buffer) => {
      hub.state.content = other;
    },
    close: hub.close,
  };
}

testSource({ name: 'hf', ranged: true, prepare });

const content = noise(100_000);

/** Ways for the content network to fail, in the middle of a pull. */
const troubles: readonly Answer[] = [
  (_, response) => response.writeHead(404).end('gone'),
  (_, response) => response.writeHead(429, { 'retry-after': '3' }).end(),
  (_, response) => response.writeHead(200).end(content),
  (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 0-99999/100000', 'content-length': 90_000 });
    response.write(content.subarray(0, 10), () => response.destroy());
  },
];

describe('the hub', () => {
  const uri = 'hf:ada/demo/q8/model.gguf@main';

  test('tells the digest, and the token goes to it alone', async () => {
    const hub = await startHub(content);
    const file = await openFile(createHfSource({ hubUrl: hub.origin, token, idleMs }), uri);
    expect(file.digest).toBe(digestOf(content));
    expect(content.equals(await readRange(file, { from: 0, to: content.length }))).toBe(true);
    expect(hub.state.hub).toEqual(new Set([`Bearer ${token}`]));
    expect(hub.state.network).toEqual(new Set(['none']));
    await hub.close();
  });

  test('refuses a wrong token or none: that is said, the token is not', async () => {
    const hub = await startHub(content);
    for (const wrong of ['hf_wrong_but_secret', undefined]) {
      const source = createHfSource({ hubUrl: hub.origin, token: wrong, idleMs });
      const opened = await source.open(uri, never);
      expect(opened).toMatchObject({
        ok: false,
        problem: { code: 'invalid_resource', message: expect.stringMatching(/answered 401.*access token/) },
      });
      expect(JSON.stringify(opened)).not.toContain('secret');
    }
    await hub.close();
  });

  test('neither token nor signature stands in any problem, whatever goes wrong while reading', async () => {
    for (const trouble of troubles) {
      let open = false;
      const hub = await startHub(content, (request, response) => {
        if (open) trouble(request, response);
      });
      const source = createHfSource({ hubUrl: hub.origin, token, idleMs });
      const file = await openFile(source, uri);
      open = true;
      const failure = await readRange(file, { from: 10, to: 90_010 }).catch((cause: unknown) => cause);
      expect(failure).toMatchObject({ problem: { code: 'source_unavailable' } });
      expect(`${JSON.stringify(failure)} ${String(failure)}`).not.toMatch(/secret|hidden/);
      await hub.close();
    }
  });

  test('that falls silent is given up', async () => {
    let silent = false;
    const hub = await startHub(content, (_, response) => {
      if (silent) response.writeHead(206, { 'content-range': 'bytes 0-9/100000' }).write('x');
    });
    const file = await openFile(createHfSource({ hubUrl: hub.origin, token, idleMs: 1500 }), uri);
    silent = true;
    await expect(readRange(file, { from: 0, to: 10 })).rejects.toThrow(/Nothing came for 1500 ms/);
    await hub.close();
  });

  test('is left alone once the reader cancels', async () => {
    let stuck = false;
    const hub = await startHub(content, (_, response) => {
      if (stuck) response.writeHead(206, { 'content-range': 'bytes 0-9/100000' }).write('x');
    });
    const file = await openFile(createHfSource({ hubUrl: hub.origin, token, idleMs }), uri);
    stuck = true;
    const cancelling = new AbortController();
    const reading = (async () => {
      for await (const _ of file.read({ from: 0, to: 10 }, cancelling.signal)) cancelling.abort();
    })();
    await expect(reading).rejects.toThrow(/was cancelled/);
    await hub.close();
  });
});

test('an address names owner, repository, path and perhaps a revision', () => {
  expect(parseHubAddress('hf:ada/demo/q8/model.gguf@v1.2')).toEqual({
    ok: true,
    value: { repo: 'ada/demo', path: 'q8/model.gguf', revision: 'v1.2' },
  });
  expect(parseHubAddress('hf:ada/demo/model.gguf')).toMatchObject({ value: { revision: 'main' } });
  for (const uri of [
    'hf:ada/demo',
    'hf:ada',
    'hf:ada/demo/../x',
    'hf:../demo/x',
    'hf:a/b//x',
    'hf:a/b/x@',
    'hf:a/b/x?y',
  ]) {
    expect(parseHubAddress(uri)).toMatchObject({ ok: false, problem: { code: 'invalid_request' } });
  }
});
