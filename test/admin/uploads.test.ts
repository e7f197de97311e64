import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMillrace, type FileLike, type Millrace } from '@millrace/sdk';
import { problem } from '#schema';
import { startAdmin, type AdminServer } from './harness.ts';

let server: AdminServer;
let client: Millrace;
beforeEach(async () => {
  server = await startAdmin();
  client = createMillrace({ baseUrl: server.url, apiKey: 'write' });
});
afterEach(async () => {
  await server.close();
});

const bytes = new Uint8Array([...Buffer.from('MODEL'), ...randomBytes(300_000)]);
const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function fileOf(content: Uint8Array<ArrayBuffer>, reads: number[] = []): FileLike {
  return {
    name: 'demo.test',
    sizeBytes: content.length,
    read: (from, to) => {
      reads.push(from);
      return Promise.resolve(content.slice(from, to));
    },
  };
}

async function send(
  request: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; offset: string | null; body: Readonly<Record<string, unknown>> }> {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer write', ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    offset: response.headers.get('upload-offset'),
    body: JSON.parse(text === '' ? '{}' : text),
  };
}

async function open(content: Uint8Array, announced: object = {}): Promise<string> {
  const json = JSON.stringify({ name: 'demo.test', sizeBytes: content.length, ...announced });
  const { body } = await send('POST /uploads', json);
  return String(body['id']);
}

describe('an upload', () => {
  it('goes in parts, is recognised, and is not sent again', async () => {
    const progress: number[] = [];
    const onProgress = ({ sentBytes }: { sentBytes: number }): void => {
      progress.push(sentBytes);
    };
    const pushed = await client.uploads.push(fileOf(bytes), { digest, partBytes: 100_000, onProgress });
    expect(pushed).toEqual({ digest, sizeBytes: bytes.length, format: 'test', facts: { parameters: 7 } });
    expect(progress).toEqual([0, 100_000, 200_000, 300_000, 300_005]);
    const reads: number[] = [];
    const again = await client.uploads.push(fileOf(bytes, reads), { digest });
    expect(again).toEqual(pushed);
    expect(reads).toEqual([]);
  });

  it('goes on where an earlier one ended', async () => {
    const id = await open(bytes, { digest });
    await send(`PATCH /uploads/${id}`, bytes.slice(0, 150_000), { 'upload-offset': '0' });
    expect((await send(`GET /uploads/${id}`)).offset).toBe('150000');
    const reads: number[] = [];
    await client.uploads.push(fileOf(bytes, reads), { digest });
    expect(reads).toEqual([150_000]);
  });

  it('gets over broken connections', async () => {
    let reads = 0;
    const flaky: FileLike = {
      ...fileOf(bytes),
      read: (from, to) => {
        reads += 1;
        if (reads === 2 || reads === 4) setImmediate(() => server.cutConnections());
        return Promise.resolve(bytes.slice(from, to));
      },
    };
    const pushed = await client.uploads.push(flaky, { digest, partBytes: 60_000 });
    expect(pushed.digest).toBe(digest);
  });

  it('that finds no room says so, however much of it has come', async () => {
    const big = new Uint8Array(8_000_000);
    const id = await open(big);
    const full = { ok: false, problem: problem('storage_full') } as const;
    const { blobs } = server;
    let enough = 0;
    Object.assign(blobs, {
      write: async (_id: string, _offset: number, parts: AsyncIterable<Uint8Array>) => {
        let seen = 0;
        for await (const part of parts) if ((seen += part.length) >= enough) break;
        return full;
      },
    });
    for (enough of [1, big.length]) {
      const refused = await send(`PATCH /uploads/${id}`, big, { 'upload-offset': '0' });
      expect(refused).toMatchObject({ status: 507, body: { error: { code: 'storage_full' } } });
    }
  });

  it('of a file that becomes shorter ends, and says so', async () => {
    const shorter: FileLike = {
      ...fileOf(bytes),
      read: (from, to) => Promise.resolve(bytes.slice(0, 70_000).slice(from, to)),
    };
    const push = client.uploads.push(shorter, { digest, partBytes: 50_000 });
    await expect(push).rejects.toMatchObject({ retry: 'never', message: /became shorter.*70000 on/ });
  });

  it('that is no model is refused with the reason, and leaves nothing behind', async () => {
    const garbage = new Uint8Array(Buffer.from('GARBAGE'));
    const refused = client.uploads.push(fileOf(garbage));
    await expect(refused).rejects.toMatchObject({
      code: 'not_a_model',
      status: 422,
      message: /begins with "GARBA"/,
    });
    expect(await server.blobs.list()).toEqual([]);
  });

  it('with another content than announced is refused', async () => {
    const other = new Uint8Array(bytes).fill(1, 100, 200);
    await expect(client.uploads.push(fileOf(other), { digest, retriesMax: 0 })).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    expect(await server.blobs.list()).toEqual([]);
  });

  it('takes no more than it announced, with or without a length', async () => {
    const id = await open(bytes.slice(0, 10));
    const tooLong = await send(`PATCH /uploads/${id}`, bytes.slice(0, 11), { 'upload-offset': '0' });
    expect(tooLong.status).toBe(413);
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (part) => (answer += part.toString()));
    socket.write(
      `PATCH /api/v1/uploads/${id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer write\r\n` +
        `upload-offset: 0\r\ntransfer-encoding: chunked\r\n\r\n14\r\n${'x'.repeat(20)}\r\n0\r\n\r\n`,
    );
    await expect.poll(() => answer).toContain('413');
    socket.destroy();
    const lost = await send(`PATCH /uploads/${id}`, bytes.slice(0, 1));
    expect(lost.body['error']).toMatchObject({ param: 'upload-offset' });
  });

  it('is announced sensibly or not at all, and can be given up', async () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ sizeBytes: 5 }, 'name'],
      [{ name: 'a', sizeBytes: 0 }, 'sizeBytes'],
      [{ name: 'a', sizeBytes: 5, digest: 'md5:1' }, 'digest'],
    ];
    for (const [announced, param] of cases) {
      const { body } = await send('POST /uploads', JSON.stringify(announced));
      expect(body['error']).toMatchObject({ code: 'invalid_request', param });
    }
    const id = await open(bytes);
    expect((await send(`DELETE /uploads/${id}`)).status).toBe(204);
    expect((await send(`GET /uploads/${id}`)).status).toBe(404);
    expect((await send(`POST /uploads/${id}/commit`, '{"name":"a"}')).status).toBe(404);
  });

  it('stops for a caller who gives up', async () => {
    const leaving = new AbortController();
    const onProgress = (): void => {
      leaving.abort(new DOMException('enough', 'AbortError'));
    };
    const push = client.uploads.push(fileOf(bytes), { digest, signal: leaving.signal, onProgress });
    await expect(push).rejects.toThrow('enough');
  });
});
