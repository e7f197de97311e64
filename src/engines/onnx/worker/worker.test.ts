import { request, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignsOfLife } from '#contracts';
import { identityModel, onnxModel, type OnnxPort } from '../../../../test/conformance/onnx-model.ts';
import { runPlan, type RunningPlan } from '../../../../test/conformance/run-plan.ts';
import { createOnnxEngine } from '../index.ts';

const engine = createOnnxEngine();
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'onnx-worker-'));
const running: RunningPlan[] = [];
let files = 0;

afterAll(async () => {
  await Promise.all(running.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

async function start(model: Uint8Array, options: Record<string, unknown> = {}): Promise<RunningPlan> {
  files += 1;
  const modelPath = join(folder, `${files}.onnx`);
  writeFileSync(modelPath, model);
  const plan = engine.launch({ replica: 'r', model: 'm', version: '1', modelPath, options });
  const worker = await runPlan(plan);
  running.push(worker);
  return worker;
}

async function lifeOf(worker: RunningPlan): Promise<SignsOfLife> {
  const life = await engine.life(worker.endpoint, never);
  if (!life.ok) throw new Error(life.problem.message);
  return life.value;
}

/** Asks until it is as wanted; a worker that does not listen yet says nothing. The test's own limit ends what never is. */
async function lifeUntil(worker: RunningPlan, wanted: (life: SignsOfLife) => boolean): Promise<SignsOfLife> {
  for (;;) {
    const life = await engine.life(worker.endpoint, never);
    if (life.ok && wanted(life.value)) return life.value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ready(model: Uint8Array, options: Record<string, unknown> = {}): Promise<RunningPlan> {
  const worker = await start(model, options);
  const life = await lifeUntil(worker, (one) => one.state !== 'loading');
  expect(life.message).toBeUndefined();
  return worker;
}

// eslint-disable-next-line typescript/no-explicit-any
type Json = any;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** All of it, or the JSON before binary tensors. */
  readonly json: Json;
}

interface Sending {
  readonly path?: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function send(worker: RunningPlan, { path, body, headers = {}, signal }: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: worker.endpoint.slice(5),
        path: path ?? '/v2/models/m/infer',
        method: 'POST',
        agent: false,
        headers,
        ...(signal && { signal }),
      },
      (incoming) => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('end', () => {
          const bytes = Buffer.concat(parts);
          const jsonBytes = Number(incoming.headers['inference-header-content-length'] ?? bytes.length);
          const json: Json = JSON.parse(bytes.toString('utf8', 0, jsonBytes));
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            bytes: bytes.subarray(jsonBytes),
            json,
          });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body instanceof Uint8Array ? body : JSON.stringify(body));
  });
}

interface BinaryInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A request whose input and output are binary. */
function binary({ data, ...input }: BinaryInput, output = 'y'): Sending {
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ ...input, parameters: { binary_data_size: data.length } }],
      outputs: [{ name: output, parameters: { binary_data: true } }],
    }),
  );
  return {
    body: Buffer.concat([head, data]),
    headers: { 'inference-header-content-length': String(head.length) },
  };
}

function floats(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function x(shape: readonly number[], data: unknown, datatype = 'FP32'): object {
  return { name: 'x', datatype, shape, data };
}

describe('every datatype', () => {
  const cases: readonly (readonly [OnnxPort['datatype'], readonly unknown[], Uint8Array])[] = [
    ['BOOL', [true, false], Uint8Array.of(1, 0)],
    ['UINT8', [0, 255], Uint8Array.of(0, 255)],
    ['UINT16', [1, 65_535], new Uint8Array(Uint16Array.of(1, 65_535).buffer)],
    ['UINT32', [1, 4_294_967_295], new Uint8Array(Uint32Array.of(1, 4_294_967_295).buffer)],
    ['UINT64', [1, 2 ** 53 - 1], new Uint8Array(BigUint64Array.of(1n, 2n ** 53n - 1n).buffer)],
    ['INT8', [-128, 127], new Uint8Array(Int8Array.of(-128, 127).buffer)],
    ['INT16', [-32_768, 5], new Uint8Array(Int16Array.of(-32_768, 5).buffer)],
    ['INT32', [-7, 2_147_483_647], new Uint8Array(Int32Array.of(-7, 2_147_483_647).buffer)],
    ['INT64', [-7, 9_007_199_254_740_991], new Uint8Array(BigInt64Array.of(-7n, 2n ** 53n - 1n).buffer)],
    ['FP16', [1.5, -2], new Uint8Array(Uint16Array.of(0x3e00, 0xc000).buffer)],
    ['FP32', [0.5, -1e10], floats([0.5, -1e10])],
    ['FP64', [Math.PI, -1e300], new Uint8Array(Float64Array.of(Math.PI, -1e300).buffer)],
    ['BYTES', ['', 'wörter'], Buffer.from('\0\0\0\0\x07\0\0\0w\xc3\xb6rter', 'latin1')],
  ];

  /** One model with an input and an output of every type, so that one process is enough. */
  const everything = onnxModel({
    inputs: cases.map(([datatype]) => ({ name: datatype, datatype, shape: ['batch', 'n'] })),
    outputs: cases.map(([datatype]) => ({ name: `${datatype}-out`, datatype, shape: ['batch', 'n'] })),
    nodes: cases.map(([datatype]) => ({ op: 'Identity', inputs: [datatype], outputs: [`${datatype}-out`] })),
  });

  it('goes through as JSON and as bytes', async () => {
    const worker = await ready(everything);
    const inputs = cases.map(([datatype, data]) => ({ name: datatype, datatype, shape: [1, 2], data }));
    const plain = await send(worker, { body: { id: '1', inputs } });
    const outputs = inputs.map(({ name, ...rest }) => ({ name: `${name}-out`, ...rest }));
    expect(plain.json).toEqual({ model_name: 'm', model_version: '1', id: '1', outputs });

    const head = Buffer.from(
      JSON.stringify({
        parameters: { binary_data_output: true },
        inputs: cases.map(([datatype, , { length }]) => ({
          name: datatype,
          datatype,
          shape: [1, 2],
          parameters: { binary_data_size: length },
        })),
      }),
    );
    const all = Buffer.concat(cases.map(([, , bytes]) => bytes));
    const raw = await send(worker, {
      body: Buffer.concat([head, all]),
      headers: { 'inference-header-content-length': String(head.length) },
    });
    expect(raw.json.outputs).toEqual(
      cases.map(([datatype, , { length }]) => ({
        name: `${datatype}-out`,
        datatype,
        shape: [1, 2],
        parameters: { binary_data_size: length },
      })),
    );
    expect(raw.headers['content-type']).toBe('application/octet-stream');
    expect(Buffer.compare(raw.bytes, all)).toBe(0);
  });

  it('keeps all digits of large numbers', async () => {
    const worker = await ready(identityModel('INT64'));
    const large = new Uint8Array(BigInt64Array.of(2n ** 62n + 1n).buffer);
    const asked = binary({ name: 'x', datatype: 'INT64', shape: [1, 1], data: large });
    expect(Buffer.compare((await send(worker, asked)).bytes, large)).toBe(0);
    const refused = await send(worker, { body: { inputs: [x([1, 1], [2 ** 53], 'INT64')] } });
    expect(refused.json.error).toContain('binary');
  });

  it('says so where JSON cannot hold a number', async () => {
    const worker = await ready(identityModel('FP32'));
    const data = floats([NaN, Infinity]);
    expect((await send(worker, binary({ name: 'x', datatype: 'FP32', shape: [1, 2], data }))).status).toBe(
      200,
    );
    const head = { inputs: [{ ...x([1, 2], undefined), parameters: { binary_data_size: 8 } }] };
    const json = Buffer.from(JSON.stringify(head));
    const headers = { 'inference-header-content-length': String(json.length) };
    const plain = await send(worker, { body: Buffer.concat([json, data]), headers });
    expect(plain).toMatchObject({ status: 400, json: { error: expect.stringContaining('binary') } });
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe('what does not fit', () => {
  let worker: RunningPlan;
  beforeAll(async () => {
    worker = await ready(
      onnxModel({
        inputs: [
          { name: 'x', datatype: 'FP32', shape: ['batch', 3] },
          { name: 'b', datatype: 'FP32', shape: ['batch', 3] },
        ],
        outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 3] }],
        nodes: [{ op: 'Add', inputs: ['x', 'b'], outputs: ['y'] }],
      }),
    );
  });

  const three = [1, 2, 3];
  const b = { name: 'b', datatype: 'FP32', shape: [1, 3], data: three };
  it.each([
    ['a missing input', { inputs: [x([1, 3], three)] }, '"b" is missing'],
    ['an unknown input', { inputs: [x([1, 3], three), b, { ...b, name: 'c' }] }, 'no such input'],
    ['the same input twice', { inputs: [x([1, 3], three), b, b] }, 'twice'],
    ['another type', { inputs: [x([1, 3], three, 'INT32'), b] }, 'the model wants FP32'],
    ['an unknown type', { inputs: [x([1, 3], three, 'FLOAT'), b] }, 'there are BOOL'],
    ['too few numbers', { inputs: [x([1, 3], [1, 2]), b] }, '"data" has 2'],
    ['too many numbers', { inputs: [x([1, 3], [1, 2, 3, 4]), b] }, '"data" has 4'],
    ['more than fits into memory', { inputs: [x([20_000, 20_000], ['a'], 'BYTES'), b] }, '"data" has 1'],
    ['more than can be counted', { inputs: [x([2 ** 31, 2 ** 31], [1]), b] }, '"data" has 1'],
    ['very many rows of nothing', { inputs: [x([100_000_000, 0], []), b] }, 'has no elements'],
    ['nested without end', { inputs: [x([1, 1], nested(500)), b] }, 'must be a number'],
    ['a text among numbers', { inputs: [x([1, 3], [1, 2, 'x']), b] }, 'must be a number'],
    ['another rank', { inputs: [x([3], three), b] }, 'the model wants [batch, 3]'],
    ['another size', { inputs: [x([1, 4], [1, 2, 3, 4]), b] }, 'the model wants [batch, 3]'],
    ['sizes that differ', { inputs: [x([2, 3], [three, three]), b] }, '"batch" is 1 here and 2 in "x"'],
    ['no data', { inputs: [{ ...b, data: undefined }, x([1, 3], three)] }, 'has no "data"'],
    ['a negative size', { inputs: [x([-1, 3], three), b] }, '"inputs[0].shape[0]" must be at least 0'],
    ['an unknown output', { inputs: [x([1, 3], three), b], outputs: [{ name: 'z' }] }, 'no output "z"'],
    ['what others can', { inputs: [x([1, 3], three), b], parameters: { sequence_id: 1 } }, 'sequence_id'],
  ])('is %s, and the answer says so', async (_, body, why) => {
    const refused = await send(worker, { body });
    expect(refused.status).toBe(400);
    expect(refused.json).toEqual({ error: expect.stringContaining(why) });
  });

  it('is a body that is not as long as it says', async () => {
    const asked = binary({ name: 'x', datatype: 'FP32', shape: [1, 3], data: floats(three) });
    const body = asked.body instanceof Buffer ? asked.body : Buffer.alloc(0);
    for (const [cut, headers] of [
      [body.subarray(0, -4), asked.headers],
      [Buffer.concat([body, Buffer.alloc(4)]), asked.headers],
      [body, { 'inference-header-content-length': '1000000' }],
      [body, { 'inference-header-content-length': 'many' }],
      [body, {}],
    ] as const)
      expect((await send(worker, { body: cut, headers: headers ?? {} })).status).toBe(400);
  });

  it('does not stop what does', async () => {
    const fine = await send(worker, { body: { inputs: [x([1, 3], three), b] } });
    expect(fine.json.outputs[0].data).toEqual([2, 4, 6]);
  });
});

/** `x` FP32 [batch, n] twice; `rows` tells how many requests were in how few runs. */
const doubling = onnxModel({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 'n'] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 'n'] }],
  nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
});

function member(id: string, size: number): Record<string, string> {
  return { 'x-millrace-batch': id, 'x-millrace-batch-size': String(size) };
}

function counts(life: SignsOfLife): { runs: number; rows: number } {
  return { runs: Number(life.facts?.['runs']), rows: Number(life.facts?.['rows']) };
}

describe('a batch', () => {
  let worker: RunningPlan;
  let before = { runs: 0, rows: 0 };
  beforeAll(async () => {
    worker = await ready(doubling, { batchWaitMs: 1000 });
  });
  beforeEach(async () => {
    before = counts(await lifeOf(worker));
  });
  const since = async () => {
    const { runs, rows } = counts(await lifeOf(worker));
    return { runs: runs - before.runs, rows: rows - before.rows };
  };

  it('is one run, and everyone gets their part of it', async () => {
    const asked = [
      [[1, 2]],
      [
        [3, 4],
        [5, 6],
      ],
      [[7, 8]],
    ].map((rows) => send(worker, { body: { inputs: [x([rows.length, 2], rows)] }, headers: member('a', 3) }));
    const answers = await Promise.all(asked);
    expect(answers.map(({ json }) => json.outputs[0].data)).toEqual([
      [2, 4],
      [6, 8, 10, 12],
      [14, 16],
    ]);
    expect(answers.map(({ json }) => json.outputs[0].shape[0])).toEqual([1, 2, 1]);
    const times = new Set(answers.map(({ headers }) => headers['x-millrace-run-ms']));
    expect(times.size).toBe(1);
    expect(Number([...times][0])).toBeGreaterThan(0);
    expect(await since()).toEqual({ runs: 1, rows: 3 });
  });

  it('is divided where sizes differ', async () => {
    const asked = [[1, 2], [3], [4, 5], [6]].map((row) =>
      send(worker, { body: { inputs: [x([1, row.length], [row])] }, headers: member('a', 4) }),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ json }) => json.outputs[0].data)).toEqual([[2, 4], [6], [8, 10], [12]]);
    expect(await since()).toEqual({ runs: 2, rows: 4 });
  });

  it('does not wait for who was refused, nor for ever for who never comes', async () => {
    const fine = { inputs: [x([1, 1], [1])] };
    const asked = [fine, { inputs: [] }, fine].map((body) => send(worker, { body, headers: member('a', 3) }));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(await since()).toEqual({ runs: 1, rows: 2 });
    const lonely = [fine, fine].map((body) => send(worker, { body, headers: member('b', 3) }));
    expect((await Promise.all(lonely)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await since()).toEqual({ runs: 2, rows: 4 });
  });

  it('is spoiled by nobody: who is at fault is refused alone', async () => {
    const table = onnxModel({
      inputs: [{ name: 'x', datatype: 'INT64', shape: ['batch'] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 2] }],
      nodes: [{ op: 'Gather', inputs: ['w', 'x'], outputs: ['y'] }],
      weights: [{ name: 'w', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    });
    const tables = await ready(table, { batchWaitMs: 1000 });
    const asked = [1, 99, 0].map((id) =>
      send(tables, { body: { inputs: [x([1], [id], 'INT64')] }, headers: member('a', 3) }),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(answers[0]?.json.outputs[0].data).toEqual([3, 4]);
    expect(answers[1]?.json.error).toContain('out of data bounds');
  });

  it('is made of nothing where the model has no batch, or nobody wants one', async () => {
    const fixed = onnxModel({
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['length'] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1] }],
      nodes: [{ op: 'ReduceSum', inputs: ['x'], outputs: ['y'] }],
    });
    for (const [model, options, shape] of [
      [fixed, {}, [2]],
      [doubling, { batchDimension: 'none' }, [1, 2]],
    ] as const) {
      const one = await ready(model, { ...options, batchWaitMs: 1000 });
      const asked = [1, 2].map(() =>
        send(one, { body: { inputs: [x(shape, [1, 2])] }, headers: member('a', 2) }),
      );
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
      expect(counts(await lifeOf(one))).toEqual({ runs: 2, rows: 2 });
    }
  });

  it('has a size that is a number', async () => {
    const headers = { 'x-millrace-batch': 'a', 'x-millrace-batch-size': 'many' };
    expect((await send(worker, { body: { inputs: [x([1, 1], [1])] }, headers })).status).toBe(400);
  });
});

/** Takes a good part of a second for 256 rows. */
function slowModel(): Uint8Array {
  const layers = 60;
  return onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 512] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 512] }],
    nodes: Array.from({ length: layers }, (_, at) => ({
      op: 'MatMul',
      inputs: [at === 0 ? 'x' : `h${at}`, 'w'],
      outputs: [at === layers - 1 ? 'y' : `h${at + 1}`],
    })),
    weights: [{ name: 'w', shape: [512, 512], data: new Float32Array(512 * 512) }],
  });
}

const slow = binary({
  name: 'x',
  datatype: 'FP32',
  shape: [256, 512],
  data: new Uint8Array(256 * 512 * 4),
});

describe('while a run lasts', () => {
  let worker: RunningPlan;
  beforeAll(async () => {
    worker = await ready(slowModel(), { batchWaitMs: 1000, queueDepthMax: 2 });
  });
  it('signs of life are given, and who leaves is not computed', async () => {
    const first = send(worker, slow);
    await lifeUntil(worker, (life) => life.active === 1);
    const leaving = new AbortController();
    const left = send(worker, { ...slow, signal: leaving.signal }).catch((error: unknown) => error);
    await lifeUntil(worker, (life) => life.active === 2);
    leaving.abort();
    await left;
    const life = await lifeUntil(worker, (one) => one.active === 1);
    expect(life).toMatchObject({ state: 'ready', facts: { cancelled: 1 } });
    expect((await first).status).toBe(200);
    await lifeUntil(worker, (one) => one.queued === 0);
    expect(counts(await lifeOf(worker))).toEqual({ runs: 1, rows: 1 });
  });

  it('whoever leaves a batch leaves it to the others', async () => {
    const before = send(worker, slow);
    await lifeUntil(worker, (life) => life.active === 1);
    const leaving = new AbortController();
    const small = {
      body: {
        inputs: [
          x(
            [1, 512],
            Array.from({ length: 512 }, () => 1),
          ),
        ],
      },
    };
    const stays = send(worker, { ...small, headers: member('a', 2) });
    const left = send(worker, { ...small, headers: member('a', 2), signal: leaving.signal }).catch(
      (error: unknown) => error,
    );
    await lifeUntil(worker, (life) => life.queued === 2);
    leaving.abort();
    await left;
    expect((await stays).json.outputs[0].shape).toEqual([1, 512]);
    await before;
    expect(counts(await lifeOf(worker))).toEqual({ runs: 3, rows: 3 });
  });

  it('no more wait than may', async () => {
    const sent = Array.from({ length: 4 }, () => send(worker, slow));
    await lifeUntil(worker, (life) => life.queued === 3);
    expect(await send(worker, slow)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

/** Reads texts of the words a, b and c; each has a vector of its own, and a text the mean of them. */
function wordsModel(more: Readonly<Record<string, string>> = {}): Uint8Array {
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: { '[PAD]': 0, '[UNK]': 1, a: 2, b: 3, c: 4 }, unk_token: '[UNK]' },
  };
  const ids = { datatype: 'INT64', shape: ['batch', 'tokens'] } as const;
  return onnxModel({
    inputs: [{ name: 'input_ids', ...ids }],
    outputs: [{ name: 'vectors', datatype: 'FP32', shape: ['batch', 'tokens', 2] }],
    nodes: [{ op: 'Gather', inputs: ['w', 'input_ids'], outputs: ['vectors'] }],
    weights: [{ name: 'w', shape: [5, 2], data: Float32Array.of(90, 90, 9, 9, 1, 0, 0, 1, 3, 4) }],
    metadata: { 'millrace.tokenizer': JSON.stringify(tokenizer), 'millrace.max_tokens': '4', ...more },
  });
}

function vectors({ json }: Answer): number[][] {
  return json.data.map(({ embedding }: { embedding: number[] }) =>
    embedding.map((value) => Math.round(value * 1000) / 1000),
  );
}

describe('a model with its tokenizer', () => {
  let worker: RunningPlan;
  beforeAll(async () => {
    worker = await ready(wordsModel(), { batchWaitMs: 1000, rowsMax: 3 });
  });
  const embed = (input: unknown, more: object = {}, headers = {}) =>
    send(worker, { path: '/v1/embeddings', body: { model: 'm', input, ...more }, headers });

  it('embeds texts of any length, many at once, padding aside', async () => {
    const answered = await embed(['a', 'c', 'a b', 'c c c a']);
    expect(vectors(answered)).toEqual([
      [1, 0],
      [0.6, 0.8],
      [0.707, 0.707],
      [0.64, 0.768],
    ]);
    expect(answered.json).toMatchObject({ object: 'list', model: 'm', usage: { prompt_tokens: 8 } });
    expect(Number(answered.headers['x-millrace-run-ms'])).toBeGreaterThan(0);
  });

  it('answers in base64, and takes tokens instead of texts', async () => {
    const encoded = await embed('c', { encoding_format: 'base64' });
    const bytes = Buffer.from(encoded.json.data[0].embedding, 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    expect(vectors(await embed([[2], [4]]))).toEqual([
      [1, 0],
      [0.6, 0.8],
    ]);
  });

  it('puts the texts of a batch into as few runs as may be', async () => {
    const before = counts(await lifeOf(worker));
    const answers = await Promise.all([
      embed('a', {}, member('e', 2)),
      embed(['b', 'a b'], {}, member('e', 2)),
    ]);
    expect(answers.map(vectors)).toEqual([
      [[1, 0]],
      [
        [0, 1],
        [0.707, 0.707],
      ],
    ]);
    const after = counts(await lifeOf(worker));
    expect({ runs: after.runs - before.runs, rows: after.rows - before.rows }).toEqual({ runs: 1, rows: 3 });
  });

  it.each([
    ['a b c a b', {}, 'context_length_exceeded'],
    ['', {}, 'invalid_request'],
    [['a', ''], {}, 'invalid_request'],
    ['a', { dimensions: 1 }, 'unsupported_parameter'],
    [[[99]], {}, 'invalid_request'],
    [{}, {}, 'invalid_request'],
  ])('refuses %j %j in the shape of that API', async (input, more, code) => {
    const refused = await embed(input, more);
    expect(refused).toMatchObject({ status: 400, json: { error: { code } } });
  });

  it('also gives its tensors', async () => {
    const inputs = [{ name: 'input_ids', datatype: 'INT64', shape: [1, 2], data: [2, 4] }];
    expect((await send(worker, { body: { inputs } })).json.outputs[0].data).toEqual([1, 0, 3, 4]);
  });

  it('takes the vector of the first token where the file says so', async () => {
    const first = await ready(wordsModel({ 'millrace.pooling': 'cls' }));
    const answered = await send(first, { path: '/v1/embeddings', body: { model: 'm', input: 'b c c' } });
    expect(vectors(answered)).toEqual([[0, 1]]);
  });
});

describe('what cannot be loaded', () => {
  it.each([
    ['no ONNX', Buffer.from('hello, world, this is no model'), 'not ONNX'],
    [
      'with an operation that nobody knows',
      onnxModel({
        inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch'] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch'] }],
        nodes: [{ op: 'Nonsense', inputs: ['x'], outputs: ['y'] }],
      }),
      'Nonsense',
    ],
    ['with a tokenizer that does not fit', wordsModel({ 'millrace.max_tokens': '1' }), 'maxTokens'],
  ])('is a file %s: it says so and ends', async (_, model, why) => {
    const worker = await start(model);
    const life = await lifeUntil(worker, (one) => one.state !== 'loading');
    expect(life).toMatchObject({ state: 'failed', message: expect.stringContaining(why) });
    const answer = await send(worker, { body: { inputs: [] } });
    expect(answer).toMatchObject({
      status: 503,
      json: { error: expect.stringContaining('cannot be loaded') },
    });
    expect((await worker.exit).reason).toBeDefined();
  });
});
