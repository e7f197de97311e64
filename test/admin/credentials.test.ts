import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resourceSchemas } from '#schema';
import { startAdmin, type AdminServer } from './harness.ts';

let server: AdminServer;
beforeEach(async () => {
  server = await startAdmin();
});
afterEach(async () => {
  await server.close();
});

const answered = z.object({ error: z.object({ code: z.string(), param: z.string().nullable() }).optional() });
type Refusal = z.infer<typeof answered>['error'];

/** `write POST /apply`: the refusal, or undefined where it went through. */
async function refusalOf(request: string, body: object): Promise<Refusal> {
  const [scope = '', method = '', path = ''] = request.split(' ');
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${scope}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answered.parse(await response.json()).error;
}

function deployment(options: object): object {
  const spec = { model: 'demo', version: '1', engine: { name: 'openai', options } };
  return { kind: 'Deployment', metadata: { name: 'chat' }, spec };
}

function version(source: string): object {
  return {
    kind: 'ModelVersion',
    metadata: { name: 'demo.1' },
    spec: { model: 'demo', version: '1', source },
  };
}

const option = 'spec.engine.options';
const withFile = { url: 'https://partner', apiKeyFile: '/keys/partner' };

/** As an administrator has stored it. */
async function stored(options: object): Promise<void> {
  await server.platformWrites(
    resourceSchemas.Model.parse({ kind: 'Model', metadata: { name: 'demo' }, spec: {} }),
  );
  await server.platformWrites(resourceSchemas.Deployment.parse(deployment(options)));
}

describe('what the platform can read and the caller cannot', () => {
  it('is sent nowhere for a key that may only write', async () => {
    const options = [
      [{ url: 'https://mine', apiKeyFile: '/home/admin.key' }, 'apiKeyFile'],
      [{ url: 'https://mine', apiKeyEnv: 'PATH' }, 'apiKeyEnv'],
    ] as const;
    for (const [wanted, name] of options) {
      const refused = { code: 'forbidden', param: `${option}.${name}` };
      expect(await refusalOf('write PUT /deployments/chat', deployment(wanted))).toMatchObject(refused);
      expect(await refusalOf('write POST /apply', { resources: [deployment(wanted)] })).toMatchObject({
        code: 'forbidden',
        param: `resources[0].${option}.${name}`,
      });
      // What an administrator asks for is looked at further: here no engine of this name is there.
      expect(await refusalOf('admin PUT /deployments/chat', deployment(wanted))).toMatchObject({
        param: 'spec.engine.name',
      });
    }
  });

  it('is not sent by a release either, nor to one address more', async () => {
    await stored(withFile);
    const engine = { name: 'external', options: withFile };
    const release = {
      kind: 'Release',
      metadata: { name: 'next' },
      spec: { deployment: 'chat', version: '2', engine },
    };
    const refused = { code: 'forbidden', param: `${option}.apiKeyFile` };
    expect(await refusalOf('write PUT /releases/next', release)).toMatchObject(refused);
    const moved = { spec: { engine: { urls: ['https://mine'] } } };
    expect(await refusalOf('write PATCH /deployments/chat', moved)).toMatchObject(refused);
  });

  it('is not judged by code of a key that may only write', async () => {
    await stored({ url: 'https://partner' });
    const scorer = { module: 'file:///tmp/mine.mjs' };
    const spec = { deployment: 'chat', version: '2', gates: [{ name: 'scorer' }], scorer };
    const release = { kind: 'Release', metadata: { name: 'next' }, spec };
    const refused = { code: 'forbidden', param: 'spec.scorer.module' };
    expect(await refusalOf('write PUT /releases/next', release)).toMatchObject(refused);
    expect(await refusalOf('admin PUT /releases/next', release)).not.toMatchObject({ code: 'forbidden' });
  });

  it('stays where an administrator has sent it, while the rest may change', async () => {
    await stored(withFile);
    const moved = { spec: { engine: { options: { url: 'https://mine' } } } };
    const patch = 'write PATCH /deployments/chat';
    expect(await refusalOf(patch, moved)).toMatchObject({ code: 'forbidden', param: `${option}.apiKeyFile` });
    const other = { spec: { engine: { options: { apiKeyFile: '/home/admin.key' } } } };
    expect(await refusalOf(patch, other)).toMatchObject({ code: 'forbidden' });
    const scaled = { spec: { replicas: { min: 3 } } };
    expect(await refusalOf(patch, scaled)).toMatchObject({ param: 'spec.engine.name' });
    expect(await refusalOf(patch, { metadata: { labels: {} } })).not.toMatchObject({ code: 'forbidden' });
  });

  it('is no source of a model for a key that may only write', async () => {
    await stored(withFile);
    for (const source of ['file:/home/admin.key', 'http://169.254.169.254/latest']) {
      const refused = { code: 'forbidden', param: 'spec.source' };
      expect(await refusalOf('write PUT /modelversions/demo.1', version(source))).toMatchObject(refused);
    }
    expect(
      await refusalOf('write PUT /modelversions/demo.1', version('https://host/a.gguf')),
    ).toBeUndefined();
    expect(await refusalOf('write DELETE /modelversions/demo.1', {})).toMatchObject({ code: 'in_use' });
  });

  it('is one when an administrator says so, and others may still describe that version', async () => {
    await stored(withFile);
    const request = 'PUT /modelversions/demo.1';
    expect(await refusalOf(`admin ${request}`, version('file:/models/a.gguf'))).toBeUndefined();
    const labelled = { ...version('file:/models/a.gguf'), metadata: { name: 'demo.1', labels: { a: 'b' } } };
    expect(await refusalOf(`write ${request}`, labelled)).toBeUndefined();
  });
});
