import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineConformance } from '../../../test/conformance/engine.ts';
import { runPlan } from '../../../test/conformance/run-plan.ts';
import { workerPlan } from '../../../test/conformance/worker.ts';
import { createOpenaiEngine } from './index.ts';

const never = new AbortController().signal;

engineConformance('openai', async () => {
  const somebodys = await runPlan(workerPlan({}), 'tcp');
  return {
    engine: createOpenaiEngine({ secret: () => undefined }),
    options: { url: somebodys.endpoint },
    tellsProgress: false,
    model: 'demo',
    up: async () => somebodys.endpoint,
    close: () => somebodys.close(),
  };
});

describe('an endpoint of others', () => {
  let folder = '';
  let asked: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no key'}`);
    response.writeHead(status).end('{}');
  });
  const secrets: Record<string, string> = { PARTNER_KEY: 'from-environment', QUOTED_KEY: '“key”' };
  const engine = createOpenaiEngine({ secret: (name) => secrets[name] });
  const url = (): string => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/base`;
  };
  const param = (options: object): string | undefined => {
    const parsed = engine.parseOptions(options);
    return parsed.ok ? undefined : parsed.problem.param;
  };
  const planOf = (options: object) =>
    engine.launch({
      replica: 'r',
      model: 'm',
      version: '1',
      modelPath: undefined,
      options: { url: `${url()}/`, ...options },
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'openai-'));
    asked = [];
    status = 200;
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('is reached with the key that an environment variable or a file holds', async () => {
    const file = join(folder, 'key');
    writeFileSync(file, 'from-file\n');
    const options = { url: url(), apiKeyEnv: 'PARTNER_KEY', healthPath: '/health' };
    expect(planOf({})).toEqual({ kind: 'endpoint', url: url() });
    expect(engine.credentials?.({ url: url() })).toEqual({ ok: true, value: [] });
    expect(engine.credentials?.({ url: url(), apiKeyFile: file })).toMatchObject({
      value: ['authorization', 'Bearer from-file'],
    });
    expect(engine.credentials?.(options)).toMatchObject({
      value: ['authorization', 'Bearer from-environment'],
    });
    expect(await engine.life(url(), never, options)).toMatchObject({ ok: true, value: { state: 'ready' } });
    expect(asked).toEqual(['GET /base/health Bearer from-environment']);
  });

  it('is refused when it is described wrongly or its key is not there', () => {
    expect(param({})).toBe('spec.engine.options.url');
    expect(param({ url: 'ftp://host' })).toBe('spec.engine.options.url');
    expect(param({ url: url(), healthPath: 'health' })).toBe('spec.engine.options.healthPath');
    for (const name of ['NOT_SET', 'QUOTED_KEY'])
      expect(param({ url: url(), apiKeyEnv: name })).toBe('spec.engine.options.apiKeyEnv');
    expect(param({ url: url(), apiKeyFile: join(folder, 'none') })).toBe('spec.engine.options.apiKeyFile');
    expect(param({ url: url(), apiKeyEnv: 'PARTNER_KEY', apiKeyFile: '/x' })).toBe(
      'spec.engine.options.apiKeyFile',
    );
    expect(param({ url: url() })).toBeUndefined();
    expect(param({ url: url(), cost: { inputPerMillion: -1, outputPerMillion: 1 } })).toBe(
      'spec.engine.options.cost.inputPerMillion',
    );
  });

  it('may call the model otherwise and say what it charges', () => {
    const cost = { inputPerMillion: 0.15, outputPerMillion: 0.6 };
    const parsed = engine.parseOptions({ url: url(), model: 'their/model', cost });
    expect(parsed).toMatchObject({ value: { cost: { ...cost, currency: 'USD' } } });
    expect(parsed.ok && engine.modelThere?.(parsed.value)).toBe('their/model');
    expect(engine.modelThere?.({ url: url() })).toBeUndefined();
  });

  it('takes its key from a small regular file only, or a link to one', () => {
    const apiKeyFile = 'spec.engine.options.apiKeyFile';
    const key = join(folder, 'key');
    writeFileSync(key, 'from-file');
    // As Kubernetes mounts a secret: a link to a file behind a linked directory.
    mkdirSync(join(folder, '..v1'));
    writeFileSync(join(folder, '..v1', 'key'), 'from-mount');
    symlinkSync('..v1', join(folder, '..data'));
    symlinkSync(join('..data', 'key'), join(folder, 'mounted'));
    symlinkSync('/dev/zero', join(folder, 'endless'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    writeFileSync(join(folder, 'large'), 'k'.repeat(16 * 1024 + 1));
    expect(param({ url: url(), apiKeyFile: key })).toBeUndefined();
    expect(engine.credentials?.({ url: url(), apiKeyFile: join(folder, 'mounted') })).toMatchObject({
      value: ['authorization', 'Bearer from-mount'],
    });
    writeFileSync(join(folder, 'two'), 'one-key\nanother-key\n');
    for (const name of ['endless', 'dangling', 'large', '.', 'two'])
      expect(param({ url: url(), apiKeyFile: join(folder, name) })).toBe(apiKeyFile);
    expect(param({ url: url(), apiKeyFile: '/dev/zero' })).toBe(apiKeyFile);
  });

  it.each([
    [401, { ok: true, value: { state: 'failed', message: expect.stringContaining('key') } }],
    [404, { ok: true, value: { state: 'failed', message: expect.stringContaining('healthPath') } }],
    [503, { ok: false, problem: { code: 'replica_failed' } }],
  ])('that answers with status %i is not ready', async (answered, signs) => {
    status = answered;
    expect(await engine.life(url(), never, { url: url() })).toMatchObject(signs);
  });
});
