import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layersModel } from '../conformance/onnx-model.ts';
import {
  call,
  eventually,
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

  it('computes the same for who asks plainly, and for who asks later', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 8], data: [1, 2, 3, 4, 5, 6, 7, 8] }];
    const { body: ours } = await call(platform, 'POST /v2/models/layers/infer', { inputs });
    const plain = await call(platform, 'POST /v1/inference', { model: 'layers@1', inputs });
    expect(plain.status).toBe(200);
    expect(plain.body).toEqual({
      id: plain.headers.get('x-request-id'),
      model: 'layers',
      version: '1',
      outputs: ours.outputs,
      timing: { queue_ms: expect.any(Number), total_ms: expect.any(Number) },
    });
    const told = await millrace(platform, 'infer', 'layers', '--inputs', JSON.stringify(inputs));
    expect(JSON.parse(told.stdout)).toEqual(ours.outputs[0]);
    const task = { model: 'layers', endpoint: '/v1/inference', body: { model: 'layers', inputs } };
    const later = await call(platform, 'POST /v1/tasks', task);
    const result = await eventually(async () => {
      const answer = await call(platform, `GET /v1/tasks/${later.body.task_id}/result`);
      return answer.status === 200 && answer.body;
    }, 'the task to end');
    expect(result.outputs).toEqual(ours.outputs);
  });

  it('answers later in the bytes it would have answered at once', async () => {
    const result = (id: string): Promise<Response> =>
      eventually(async () => {
        const answer = await fetch(`${platform.url}/v1/tasks/${id}/result`, {
          headers: { authorization: `Bearer ${platform.key}` },
        });
        return answer.status === 200 ? answer : undefined;
      }, 'the task to end');
    const input = { name: 'x', datatype: 'FP32', shape: [1, 8] };
    const inputs = [{ ...input, data: [1, 2, 3, 4, 5, 6, 7, 8] }];
    const now: Json = await (await infer(JSON.stringify({ inputs }))).json();
    const task = { model: 'layers@1', endpoint: '/v2/models/infer', body: { inputs } };
    const submitted = await call(platform, 'POST /v1/tasks', task);
    expect(submitted).toMatchObject({ status: 202, body: { endpoint: '/v2/models/infer' } });
    expect(await (await result(submitted.body.task_id)).json()).toEqual(now);

    const x = Float32Array.from(inputs[0]?.data ?? []);
    const head = Buffer.from(
      JSON.stringify({
        inputs: [{ ...input, parameters: { binary_data_size: x.byteLength } }],
        outputs: [{ name: 'y', parameters: { binary_data: true } }],
      }),
    );
    const body = new Uint8Array(Buffer.concat([head, Buffer.from(x.buffer)]));
    const binary = { 'inference-header-content-length': String(head.length) };
    const lengthName = 'inference-header-content-length';
    const at = await infer(body, binary);
    const atOnce = [at.headers.get(lengthName), Buffer.from(await at.arrayBuffer()).toString('hex')];
    const deferred = await infer(body, { ...binary, prefer: 'respond-async' });
    expect([deferred.status, deferred.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    const waited = await infer(body, { ...binary, prefer: 'respond-async, wait=20' });
    const { task_id: id }: Json = await deferred.json();
    for (const late of [await result(id), waited]) {
      expect(late.status).toBe(200);
      expect(late.headers.get('content-type')).toBe('application/octet-stream');
      const bytes = Buffer.from(await late.arrayBuffer()).toString('hex');
      expect([late.headers.get(lengthName), bytes]).toEqual(atOnce);
    }
    const wrong = { ...binary, [lengthName]: '9999', prefer: 'respond-async' };
    for (const headers of [wrong, { 'content-encoding': 'gzip', prefer: 'respond-async' }]) {
      const refused = await infer(body, headers);
      expect([refused.status, await refused.json()]).toEqual([400, { error: expect.any(String) }]);
    }
  });

  it('refuses plain questions by name, in its engine’s own words where those know better', async () => {
    const input = { name: 'x', datatype: 'FP32', shape: [1, 8], data: [1, 2, 3, 4, 5, 6, 7, 8] };
    const outputs = [{ name: 'y', parameters: { binary_data: true } }];
    const wrong = [
      [{ inputs: [{ ...input, name: 'z' }] }, 'invalid_request'],
      [{ inputs: [input], stream: true }, 'unsupported_parameter'],
      [{ inputs: [input], outputs }, 'unsupported_parameter'],
      [{ input_text: 'Hello' }, 'unsupported_endpoint'],
    ] as const;
    for (const [body, code] of wrong) {
      const refused = await call(platform, 'POST /v1/inference', { model: 'layers', ...body });
      expect(refused).toMatchObject({ status: 400, body: { error: { code } } });
    }
  });

  it('passes through steps, as JSON and with the tensors behind it', async () => {
    const module = join(folder, 'steps.mjs');
    writeFileSync(
      module,
      `export function pre(request, { refuse }) {
         if (request.id === 'bad') refuse('No.');
         return { ...request, id: 'a-longer-one-than-before' };
       }
       export const post = (answer) => ({ ...answer, checked: true });`,
    );
    const steps = { pre: `file://${module}`, post: `file://${module}`, timeoutMs: 20_000 };
    const engine = { name: 'onnx' };
    const resource = {
      kind: 'Deployment',
      metadata: { name: 'stepped' },
      spec: { model: 'layers', version: '1', engine, steps },
    };
    expect((await call(platform, 'PUT /api/v1/deployments/stepped', resource)).status).toBe(201);
    await readyReplica(platform, 'stepped');
    const x = Float32Array.from({ length: 8 }, (_, at) => at);
    const input = { name: 'x', datatype: 'FP32', shape: [1, 8] };
    const path = '/v2/models/stepped/infer';
    const plain = await call(platform, `POST ${path}`, { id: '1', inputs: [{ ...input, data: [...x] }] });
    const changed = { id: 'a-longer-one-than-before', checked: true };
    expect(plain.body).toMatchObject(changed);
    const head = JSON.stringify({
      inputs: [{ ...input, parameters: { binary_data_size: x.byteLength } }],
      outputs: [{ name: 'y', parameters: { binary_data: true } }],
    });
    const headers = { authorization: `Bearer ${platform.key}`, 'content-type': 'application/octet-stream' };
    const post = (length: string): Promise<Response> =>
      fetch(platform.url + path, {
        method: 'POST',
        headers: { ...headers, 'inference-header-content-length': length },
        body: Buffer.concat([Buffer.from(head), new Uint8Array(x.buffer)]),
      });
    const binary = await post(String(head.length));
    const jsonBytes = Number(binary.headers.get('inference-header-content-length'));
    const bytes = await binary.arrayBuffer();
    expect(JSON.parse(Buffer.from(bytes, 0, jsonBytes).toString())).toMatchObject(changed);
    expect([...new Float32Array(bytes.slice(jsonBytes))]).toEqual(plain.body.outputs[0].data);
    expect((await post('0x10')).status).toBe(400);
    const refused = await call(platform, `POST ${path}`, { id: 'bad', inputs: [] });
    expect(refused).toMatchObject({ status: 400, body: { error: 'No.' } });
    expect((await call(platform, 'GET /v2/models/stepped')).body).toMatchObject({ name: 'stepped' });
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
    const plain = await call(platform, 'POST /v1/inference', { model: 'theirs', inputs });
    expect(plain.body.outputs).toEqual(ours.body.outputs);
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
