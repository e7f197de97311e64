import { describe, expect, it } from 'vitest';
import { createLlamaEngine, llamaOptions } from './index.ts';

const engine = createLlamaEngine();

function param(options: unknown): unknown {
  const parsed = engine.parseOptions(options);
  return parsed.ok ? undefined : parsed.problem.param;
}

describe('options of the engine', () => {
  it('have defaults', () => {
    const parsed = engine.parseOptions(undefined);
    expect(parsed).toMatchObject({
      ok: true,
      value: { sequences: 8, kvCacheKeyType: 'f16', flashAttention: 'auto', prefixReuse: true },
    });
    expect(engine.concurrency({})).toBe(8);
  });

  it('are all described, for the reference page', () => {
    const vague = Object.entries(llamaOptions.shape).filter(
      ([, option]) => !/^[A-Z].{20,}\.$/s.test(option.description ?? ''),
    );
    expect(vague).toEqual([]);
  });

  it('are refused by name, alone and together', () => {
    expect(param({ sequences: 0 })).toBe('spec.engine.options.sequences');
    expect(param({ squences: 4 })).toBe('spec.engine.options.squences');
    expect(param({ kvCacheValueType: 'q8_0' })).toBe('spec.engine.options.kvCacheValueType');
    expect(param({ kvCacheValueType: 'q8_0', flashAttention: 'on' })).toBeUndefined();
    expect(param({ gpuLayers: 'many' })).toBe('spec.engine.options.gpuLayers');
  });

  it('reach the process that is launched', () => {
    const plan = engine.launch({
      replica: 'r',
      model: 'demo',
      version: '1',
      modelPath: '/models/x',
      options: { sequences: 2 },
    });
    expect(plan).toMatchObject({
      kind: 'process',
      entry: expect.stringMatching(/^file:.*worker\/main\.ts$/),
    });
    const args = plan.kind === 'process' ? plan.args : [];
    expect(args).toEqual(expect.arrayContaining(['--model', '/models/x', '--name', 'demo@1']));
    expect(JSON.parse(args[args.indexOf('--options') + 1] ?? '')).toMatchObject({ sequences: 2 });
    // What the launch passes on is accepted again by the worker.
    expect(engine.parseOptions(JSON.parse(args[args.indexOf('--options') + 1] ?? '')).ok).toBe(true);
  });

  it('without a file there is nothing to launch', () => {
    expect(() =>
      engine.launch({ replica: 'r', model: 'demo', version: '1', modelPath: undefined, options: {} }),
    ).toThrow('no file');
  });
});
