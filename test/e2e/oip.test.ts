import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '../conformance/onnx-model.ts';
import {
  call,
  millrace,
  readyReplica,
  removeHome,
  startPlatform,
  type Finished,
  type Json,
  type RunningPlatform,
} from './platform.ts';

describe('a model in ONNX, from its file to the clients of other servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-oip-'));
  let platform: RunningPlatform;
  let pushed: Finished;
  let deployed: Finished;

  const infer = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${platform.url}/v2/models/layers/infer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.key}`, ...headers },
      body,
    });

  beforeAll(async () => {
    platform = await startPlatform();
    const file = join(folder, 'layers.onnx');
    writeFileSync(file, layersModel(8, 1));
    pushed = await millrace(platform, 'models', 'push', file, 'layers@1');
    deployed = await millrace(platform, 'deploy', 'layers@1', '--wait');
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    removeHome(platform.home);
    rmSync(folder, { recursive: true });
  });

  it('is pushed and deployed like any other, its engine found by its format', () => {
    expect(pushed.stdout).toContain('layers@1 is ready (onnx');
    expect(deployed).toMatchObject({ code: 0, stderr: expect.not.stringContaining('rror') });
  });

  it('tells who it is and what the model takes', async () => {
    expect((await call(platform, 'GET /v2')).body).toMatchObject({
      name: 'millrace',
      extensions: ['binary_tensor_data'],
    });
    for (const path of ['/v2/health/live', '/v2/health/ready'])
      expect((await fetch(platform.url + path)).status).toBe(200);
    expect((await call(platform, 'GET /v2/models/layers/ready')).body).toEqual({
      name: 'layers',
      ready: true,
    });
    const metadata = {
      name: 'layers',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 8] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 8] }],
    };
    expect((await call(platform, 'GET /v2/models/layers')).body).toEqual(metadata);
    expect((await call(platform, 'GET /v2/models/layers/versions/1')).body).toEqual(metadata);
  });

  it('computes the same from JSON and from binary tensors', async () => {
    const x = Float32Array.from({ length: 16 }, (_, at) => at / 4);
    const input = { name: 'x', datatype: 'FP32', shape: [2, 8] };
    const plain = await infer(JSON.stringify({ id: '7', inputs: [{ ...input, data: [...x] }] }));
    expect(plain.status).toBe(200);
    expect(plain.headers.get('x-millrace-model')).toBe('layers@1');
    const answered: Json = await plain.json();
    expect(answered).toMatchObject({ model_name: 'layers', model_version: '1', id: '7' });

    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ ...input, parameters: { binary_data_size: x.byteLength } }],
        outputs: [{ name: 'y', parameters: { binary_data: true } }],
      }),
    );
    const body = new Uint8Array(head.length + x.byteLength);
    body.set(head);
    body.set(new Uint8Array(x.buffer), head.length);
    const binary = await infer(body, {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    });
    expect(binary.status).toBe(200);
    const jsonBytes = Number(binary.headers.get('inference-header-content-length'));
    const bytes = await binary.arrayBuffer();
    expect(JSON.parse(Buffer.from(bytes, 0, jsonBytes).toString())).toMatchObject({
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2, 8], parameters: { binary_data_size: 64 } }],
    });
    expect([...new Float32Array(bytes.slice(jsonBytes))]).toEqual(answered.outputs[0].data);
  });

  it('refuses in the shape that these clients know', async () => {
    const refusals = await Promise.all([
      infer('{'),
      infer('{"inputs":[]}'),
      infer('{}', { authorization: 'Bearer wrong' }),
      infer('{}', { 'content-encoding': 'gzip' }),
      fetch(`${platform.url}/v2/models/nobody/infer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${platform.key}` },
        body: '{}',
      }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 401, 400, 404]);
    for (const refusal of refusals) expect(await refusal.json()).toEqual({ error: expect.any(String) });
    expect((await call(platform, 'GET /v2/models/layers/versions/2')).status).toBe(404);
    expect((await call(platform, 'GET /v2/nothing')).body).toEqual({ error: expect.any(String) });
  });

  it('may also run behind a server of others, under another name and with a key', async () => {
    // This platform is such a server.
    const options = { url: platform.url, model: 'layers', apiKeyFile: join(platform.home, 'admin.key') };
    const resources = [
      { kind: 'Model', metadata: { name: 'theirs' }, spec: {} },
      {
        kind: 'Deployment',
        metadata: { name: 'theirs' },
        spec: { model: 'theirs', version: '1', engine: { name: 'oip', options } },
      },
    ];
    expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
    await readyReplica(platform, 'theirs');
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 8], data: [1, 2, 3, 4, 5, 6, 7, 8] }];
    const ours = await call(platform, 'POST /v2/models/layers/infer', { inputs });
    const theirs = await call(platform, 'POST /v2/models/theirs/infer', { inputs });
    expect(theirs.status).toBe(200);
    expect(theirs.body.outputs).toEqual(ours.body.outputs);
    const chat = await call(platform, 'POST /v1/embeddings', { model: 'theirs', input: 'Hello' });
    expect(chat).toMatchObject({ status: 400, body: { error: { code: 'unsupported_endpoint' } } });
  });

  it('is refused by name what it cannot do', async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const chat = await call(platform, 'POST /v1/chat/completions', { model: 'layers', messages });
    expect(chat).toMatchObject({ status: 400, body: { error: { code: 'unsupported_endpoint' } } });
    expect(chat.body.error.message).toContain('/v2/models/infer');
    const embedded = await call(platform, 'POST /v1/embeddings', { model: 'layers', input: 'Hello' });
    expect(embedded).toMatchObject({ status: 400, body: { error: { code: 'unsupported_endpoint' } } });
  });
});
