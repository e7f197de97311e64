import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engineConformance } from '../../../test/conformance/engine.ts';
import { speaksOip } from '../../../test/conformance/engine-oip.ts';
import { identityModel, layersModel, onnxModel } from '../../../test/conformance/onnx-model.ts';
import { runPlan, type RunningPlan } from '../../../test/conformance/run-plan.ts';
import { createOnnxEngine } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

engineConformance(
  'onnx',
  async () => {
    const engine = createOnnxEngine();
    const modelPath = join(folder, 'identity.onnx');
    writeFileSync(modelPath, identityModel('FP32'));
    let running: RunningPlan | undefined;
    return {
      engine,
      options: { intraOpNumThreads: 1 },
      modelPath,
      tellsProgress: true,
      model: 'demo',
      inference: {
        inputs: [
          {
            name: 'x',
            datatype: 'FP32',
            shape: [2, 2],
            data: [
              [1, 2],
              [3, 4.5],
            ],
          },
        ],
      },
      up: async (options) => {
        const plan = engine.launch({ replica: 'r', model: 'demo', version: '1', modelPath, options });
        running = await runPlan(plan);
        return running.endpoint;
      },
      close: async () => running?.close(),
    };
  },
  speaksOip,
);

describe('inspecting a file', () => {
  const engine = createOnnxEngine();
  const inspect = (bytes: Uint8Array) =>
    engine.inspect?.(
      {
        name: 'model.onnx',
        sizeBytes: bytes.length,
        read: async (offset, length) => bytes.subarray(offset, offset + length),
      },
      new AbortController().signal,
    );

  it('says what an ONNX file is', async () => {
    const metadata = { 'millrace.licence': 'Apache-2.0' };
    const model = onnxModel({
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 3] }],
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      weights: [{ name: 'w', shape: [2, 3], data: new Float32Array(6) }],
      metadata,
    });
    expect(await inspect(model)).toEqual({
      ok: true,
      value: {
        format: 'onnx',
        facts: {
          task: 'tensor',
          parameters: 6,
          nodes: 1,
          inputs: 'x FP32 [batch, 2]',
          outputs: 'y FP32 [batch, 3]',
          opset: 17,
          irVersion: 8,
          producer: 'millrace-tests',
          hasTokenizer: false,
          licence: 'Apache-2.0',
        },
      },
    });
  });

  it('refuses what is none, is cut off or is damaged, and says why', async () => {
    const model = layersModel(64, 2);
    const noGraph = onnxModel({ inputs: [], outputs: [], nodes: [] });
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(0), 'empty'],
      [readFileSync('package.json'), 'not ONNX'],
      [Buffer.from('GGUF and so on'), 'ONNX'],
      [model.subarray(0, model.length - 20), 'truncated'],
      [noGraph, 'no outputs'],
      [Buffer.concat([model, Buffer.from([0])]), 'not ONNX'],
      [Buffer.concat([model, Buffer.from([0xf8, 0x01, 1])]), 'no field 31'],
    ];
    for (const [bytes, why] of cases)
      expect(await inspect(bytes)).toMatchObject({
        ok: false,
        problem: { code: 'not_a_model', message: expect.stringContaining(why) },
      });
  });

  it('refuses notes that make no sense', async () => {
    for (const [name, value] of [
      ['millrace.tokenizer', '{'],
      ['millrace.tokenizer', '[]'],
      ['millrace.pooling', 'max'],
      ['millrace.max_tokens', 'many'],
    ] as const) {
      const port = { name: 'x', datatype: 'FP32', shape: ['batch'] } as const;
      const model = onnxModel({
        inputs: [port],
        outputs: [{ ...port, name: 'y' }],
        nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
        metadata: { [name]: value },
      });
      expect(await inspect(model)).toMatchObject({ ok: false, problem: { code: 'not_a_model' } });
    }
  });
});
