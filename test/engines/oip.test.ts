import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineConformance } from '../conformance/engine.ts';
import { speaksOip } from '../conformance/engine-oip.ts';
import { identityModel } from '../conformance/onnx-model.ts';
import { runPlan } from '../conformance/run-plan.ts';
import type { Engine } from '#contracts';
import { createEngines } from '#engines';

const engines = createEngines({ secret: (name) => (name === 'TRITON_KEY' ? 'key' : undefined) });

function engineNamed(name: string): Engine {
  const engine = engines.get(name);
  if (engine === undefined) throw new Error(`there is no engine ${name}`);
  return engine;
}

engineConformance(
  'oip',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oip-'));
    const modelPath = join(folder, 'identity.onnx');
    writeFileSync(modelPath, identityModel('FP32'));
    // Somebody's server: it might as well be Triton.
    const plan = engineNamed('onnx').launch({
      replica: 'r',
      model: 'theirs',
      version: '1',
      modelPath,
      options: {},
    });
    const somebodys = await runPlan(plan, 'tcp');
    return {
      engine: engineNamed('oip'),
      options: { url: somebodys.endpoint, model: 'theirs' },
      tellsProgress: false,
      model: 'theirs',
      inference: { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] },
      up: async () => somebodys.endpoint,
      close: async () => {
        await somebodys.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
  speaksOip,
);

describe('a server of others', () => {
  const engine = engineNamed('oip');

  it('calls its model as the options say, and is sent its key', () => {
    const url = 'https://triton.example/base';
    expect(engine.modelThere?.({ url })).toBeUndefined();
    expect(engine.modelThere?.({ url, model: 'resnet' })).toBe('resnet');
    expect(engine.credentials?.({ url, apiKeyEnv: 'TRITON_KEY' })).toEqual({
      ok: true,
      value: ['authorization', 'Bearer key'],
    });
    expect(engine.parseOptions({ url, apiKeyEnv: 'NOT_SET' })).toMatchObject({
      ok: false,
      problem: { param: 'spec.engine.options.apiKeyEnv' },
    });
    const input = {
      replica: 'r',
      model: 'm',
      version: '1',
      modelPath: undefined,
      options: { url: `${url}/` },
    };
    expect(engine.launch(input)).toEqual({ kind: 'endpoint', url });
  });
});
