import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { ProblemError, problem } from '#schema';
import { startAdmin, type AdminServer } from './harness.ts';

let server: AdminServer;
beforeEach(async () => {
  server = await startAdmin();
});
afterEach(async () => {
  await server.close();
});

interface Named {
  readonly metadata: { readonly name: string };
}

/** What these tests look at in an answer, whichever it is. */
interface Body {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly generation: number;
    readonly labels: object;
  };
  readonly spec: object;
  readonly status: object;
  readonly secret: string;
  readonly items: readonly Named[];
  readonly results: readonly { readonly kind: string; readonly action: string }[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly entries: readonly { readonly verb: string; readonly reason?: string }[];
  readonly error: { readonly code: string; readonly param: string; readonly message: string };
  readonly deployments: readonly object[];
  readonly lines: readonly string[];
  readonly uptimeMs: number;
  readonly openapi: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

async function call(
  request: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer admin', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text === '' ? '{}' : text),
  };
}

const model = { kind: 'Model', metadata: { name: 'demo' }, spec: {} };
const version = {
  kind: 'ModelVersion' as const,
  metadata: { name: 'demo.1' },
  spec: { model: 'demo', version: '1', source: 'file:/models/demo.gguf' },
};
const deployment = {
  kind: 'Deployment',
  metadata: { name: 'chat', labels: { team: 'blue' } },
  spec: { model: 'demo', version: '1' },
};

async function applied(...resources: unknown[]): Promise<Body> {
  const answer = await call('POST /apply', { resources });
  expect(answer.body.error).toBeUndefined();
  return answer.body;
}

describe('resources', () => {
  it('are created by PUT with their defaults, read back, listed and deleted', async () => {
    const created = await call('PUT /models/demo', model);
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/api/v1/models/demo');
    expect(created.body.spec).toEqual({ task: 'chat' });
    const read = await call('GET /models/demo');
    expect(read.body).toEqual(created.body);
    expect(read.headers.get('etag')).toBe(`"${created.body.metadata.resourceVersion}"`);
    const again = await call('PUT /models/demo', model);
    expect([again.status, again.body.metadata.resourceVersion]).toEqual([
      200,
      created.body.metadata.resourceVersion,
    ]);
    const list = await call('GET /models');
    expect(list.body.items.map((one) => one.metadata.name)).toEqual(['demo']);
    expect((await call('DELETE /models/demo')).status).toBe(200);
    expect((await call('GET /models/demo')).body.error.code).toBe('not_found');
  });

  it('are selected by label', async () => {
    await applied(model, version, deployment, {
      ...deployment,
      metadata: { name: 'other', labels: { team: 'red' } },
    });
    const blue = await call('GET /deployments?labelSelector=team%3Dblue');
    expect(blue.body.items.map((one) => one.metadata.name)).toEqual(['chat']);
  });

  it('say what is wrong with them, where, and what was probably meant', async () => {
    const cases: [unknown, string, RegExp][] = [
      [{ ...model, spec: { taks: 'chat' } }, 'spec.taks', /Did you mean "task"/],
      [{ ...model, spec: { task: 'chatt' } }, 'spec.task', /Did you mean "chat"/],
      [{ ...model, sepc: {} }, 'sepc', /Did you mean "spec"/],
      [{ ...model, metadata: { name: 'else' } }, 'metadata.name', /cannot be changed/],
      [{ ...model, kind: 'Key' }, 'kind', /The address says Model/],
    ];
    for (const [body, param, message] of cases) {
      const { status: code, body: answer } = await call('PUT /models/demo', body);
      expect([code, answer.error.param]).toEqual([422, param]);
      expect(answer.error.message).toMatch(message);
    }
    const lost = await call('GET /deployment/chat');
    expect(lost.body.error.message).toMatch(/Did you mean "deployments"/);
    expect((await call('PUT /models/demo', [])).body.error.code).toBe('invalid_request');
    const wrongMethod = await call('DELETE /apply');
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST, GET']);
  });

  it('keep the status that the platform wrote, whatever people send', async () => {
    await applied(model, version, deployment);
    const state = { state: 'ready', sizeBytes: 5 } as const;
    await server.platformWrites({ apiVersion: 'millrace.dev/v1', ...version, status: state });
    const sent = {
      ...version,
      status: { nonsense: true },
      spec: { ...version.spec, metadata: { commit: 'abc' } },
    };
    const { body } = await call('PUT /modelversions/demo.1', sent);
    expect(body.status).toEqual({ state: 'ready', sizeBytes: 5 });
    expect(body.metadata.generation).toBe(2);
  });

  it('refuse a change from an outdated version, by body or header, and take one without', async () => {
    await applied(model);
    const first = (await call('GET /models/demo')).body;
    const described = { ...first, spec: { task: 'chat', description: 'one' } };
    const second = (await call('PUT /models/demo', described)).body;
    const stale = await call('PUT /models/demo', { ...described, spec: { description: 'two' } });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'version_conflict']);
    const byHeader = { 'if-match': `"${first.metadata.resourceVersion}"` };
    expect((await call('PATCH /models/demo', { spec: { description: 'x' } }, byHeader)).status).toBe(409);
    expect((await call('DELETE /models/demo', undefined, byHeader)).status).toBe(409);
    expect((await call('PUT /models/demo', model, { 'if-none-match': '*' })).status).toBe(409);
    const fresh = { 'if-match': `"${second.metadata.resourceVersion}"` };
    expect((await call('PATCH /models/demo', { spec: { description: 'x' } }, fresh)).status).toBe(200);
    expect((await call('PATCH /models/demo', { spec: { description: null } })).body.spec).toEqual({
      task: 'chat',
    });
  });

  it('stay as they are on a dry run, by whichever word, and by no other', async () => {
    for (const word of ['true', '1', 'All']) {
      expect((await call(`PUT /models/demo?dryRun=${word}`, model)).status).toBe(201);
      expect((await call(`POST /apply?dryRun=${word}`, { resources: [model] })).status).toBe(200);
    }
    expect((await call('GET /models')).body.items).toEqual([]);
    await applied(model, version);
    expect((await call('DELETE /modelversions/demo.1?dryRun=true')).status).toBe(200);
    expect((await call('DELETE /models/demo?dryRun=true')).body.error.code).toBe('in_use');
    expect((await call('DELETE /models/other?dryRun=true')).body.error.code).toBe('not_found');
    for (const request of ['PUT /models/demo', 'PATCH /models/demo', 'DELETE /modelversions/demo.1'])
      expect((await call(`${request}?dryRun=all`, model)).body.error).toMatchObject({
        code: 'invalid_request',
        param: 'dryRun',
      });
    expect((await call('GET /modelversions/demo.1')).status).toBe(200);
    expect((await call('DELETE /modelversions/demo.1?dryRun=false')).status).toBe(200);
    expect((await call('GET /modelversions/demo.1')).status).toBe(404);
  });

  it('that cannot be read any more can be deleted', async () => {
    await applied(model);
    const { store } = server;
    const whole = { ...store };
    const unusable = new ProblemError(problem('store_unusable'));
    Object.assign(store, { get: () => Promise.reject(unusable) });
    expect((await call('DELETE /models/demo?dryRun=true')).body.error.code).toBe('store_unusable');
    const stale = await call('DELETE /models/demo', undefined, { 'if-match': '"999"' });
    expect(stale.body.error.code).toBe('version_conflict');
    expect((await call('DELETE /models/demo')).status).toBe(200);
    Object.assign(store, whole);
    expect((await call('GET /models/demo')).status).toBe(404);
  });

  it('survive a hundred patches at once, each of which is seen', async () => {
    await applied(model);
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        call('PATCH /models/demo', { metadata: { labels: { [`n${n}`]: 'x' } } }),
      ),
    );
    const { body } = await call('GET /models/demo');
    expect(Object.keys(body.metadata.labels)).toHaveLength(100);
  });

  it('of the platform are read by people and not written', async () => {
    const replica = {
      kind: 'Replica',
      metadata: { name: 'r' },
      spec: {
        deployment: 'chat',
        model: 'demo',
        version: '1',
        generation: 1,
        engine: 'llama',
        substrate: 'process',
      },
    };
    const refused = await call('PUT /replicas/r', replica);
    expect(refused.body.error).toMatchObject({ code: 'invalid_request', param: 'kind' });
  });
});

function put(spec: object): Promise<Answer> {
  return call('PUT /deployments/chat', { ...deployment, spec: { ...deployment.spec, ...spec } });
}

describe('references', () => {
  it('must lead somewhere, also within one apply', async () => {
    const answer = await call('POST /apply', { resources: [deployment, model] });
    expect(answer.body.error).toMatchObject({ code: 'invalid_resource', param: 'resources[0].spec.version' });
    expect((await call('GET /models')).body.items).toEqual([]);
    const done = await applied(deployment, version, model);
    expect(done.results.map((one) => `${one.kind} ${one.action}`)).toEqual([
      'Deployment created',
      'ModelVersion created',
      'Model created',
    ]);
    const again = await applied(deployment, { ...version, metadata: { name: 'demo.1', labels: { a: 'b' } } });
    expect(again.results.map((one) => one.action)).toEqual(['unchanged', 'configured']);
  });

  it('hint at the near miss, the engine and its options included', async () => {
    await applied(model, version);
    expect((await put({ model: 'demmo' })).body.error.message).toMatch(
      /no Model "demmo".*Did you mean "demo"/,
    );
    expect((await put({ engine: { name: 'lama' } })).body.error.message).toMatch(/Did you mean "llama"/);
    const misspelt = (await put({ engine: { options: { thread: 1 } } })).body.error;
    expect(misspelt.param).toBe('spec.engine.options.thread');
    expect(misspelt.message).toBe('The engine "llama" refuses its options. "thread" is no option.');
    expect((await put({ replicas: { min: 3, max: 1 } })).body.error.param).toBe('spec.replicas.max');
  });

  it('say how far the number may go where it follows the load', async () => {
    await applied(model, version);
    const endless = await put({ scaling: {} });
    expect(endless.body.error).toMatchObject({ param: 'spec.replicas.max' });
    expect(endless.body.error.message).toMatch(/needs "spec.replicas.max"/);
    for (const spec of [
      { scaling: {}, replicas: { min: 1, max: 4 } },
      { scaling: {}, replicas: { min: 0 } },
      { scaling: { policy: 'fixed' } },
    ])
      expect((await put(spec)).status).toBeLessThan(300);
  });

  it('refuse what could never come true', async () => {
    await applied(model, version);
    const replicas = { min: 0, max: 2 };
    const entry = { from: '22:00', to: '06:00', min: 1 };
    const paramOf = async (scaling: object) => (await put({ replicas, scaling })).body.error?.param;
    expect(await paramOf({ policy: 'band', upAt: 0.2, downAt: 0.8 })).toBe('spec.scaling.downAt');
    expect(await paramOf({ schedule: [{ ...entry, min: 3 }] })).toBe('spec.scaling.schedule[0].min');
    expect(await paramOf({ schedule: [entry, { ...entry, to: '22:00' }] })).toBe(
      'spec.scaling.schedule[1].to',
    );
    expect(await paramOf({ schedule: [entry] })).toBeUndefined();
  });

  it('hold back what they refer to, and say who refers', async () => {
    await applied(model, version, deployment);
    const versionHeld = await call('DELETE /modelversions/demo.1');
    expect(versionHeld.body.error).toMatchObject({ code: 'in_use' });
    expect(versionHeld.body.error.message).toContain('Deployment "chat"');
    expect((await call('DELETE /models/demo')).body.error.message).toContain('ModelVersion "demo.1"');
    for (const path of ['/deployments/chat', '/modelversions/demo.1', '/models/demo'])
      expect((await call(`DELETE ${path}`)).status).toBe(200);
  });
});

describe('versions', () => {
  it('are named after their model and number, and never become something else', async () => {
    await applied(model, version);
    const misnamed = await call('PUT /modelversions/demo.2', {
      ...version,
      metadata: { name: 'demo.2' },
    });
    expect(misnamed.body.error).toMatchObject({ code: 'invalid_resource', param: 'metadata.name' });
    const moved = await call('PATCH /modelversions/demo.1', { spec: { source: 'file:/other' } });
    expect(moved.body.error).toMatchObject({ code: 'invalid_resource', param: 'spec.source' });
    const digest = `sha256:${'a'.repeat(64)}`;
    expect((await call('PATCH /modelversions/demo.1', { spec: { digest } })).status).toBe(200);
    const changed = await call('PATCH /modelversions/demo.1', { spec: { digest: null } });
    expect(changed.body.error.param).toBe('spec.digest');
  });

  it('that found their file keep it: its digest can be named, not changed', async () => {
    await applied(model, version);
    const found = `sha256:${'a'.repeat(64)}`;
    const status = { state: 'ready', digest: found } as const;
    await server.platformWrites({ apiVersion: 'millrace.dev/v1', ...version, status });
    const other = await call('PATCH /modelversions/demo.1', { spec: { digest: `sha256:${'b'.repeat(64)}` } });
    expect(other.body.error).toMatchObject({ code: 'invalid_resource', param: 'spec.digest' });
    expect((await call('PUT /modelversions/demo.1', version)).status).toBe(200);
    expect((await call('PATCH /modelversions/demo.1', { spec: { digest: found } })).status).toBe(200);
  });

  it('from uploads need the file to be here', async () => {
    await applied(model);
    const spec = { ...version.spec, source: 'upload' };
    const without = await call('PUT /modelversions/demo.1', { ...version, spec });
    expect(without.body.error.param).toBe('spec.digest');
    const digest = `sha256:${'b'.repeat(64)}`;
    const missing = await call('PUT /modelversions/demo.1', { ...version, spec: { ...spec, digest } });
    expect(missing.body.error.message).toMatch(/No file with the digest/);
  });
});

describe('keys', () => {
  const key = { kind: 'Key', metadata: { name: 'ci' }, spec: { scopes: ['infer', 'admin'] } };

  it('tell their secret once, keep its hash, and never show it', async () => {
    const created = await call('PUT /keys/ci?reason=pipeline', key);
    const { secret } = created.body;
    expect(secret).toMatch(/^mr_[0-9a-f]{64}$/);
    const hash = createHash('sha256').update(secret).digest('hex');
    expect(await server.store.get('Key', 'ci')).toMatchObject({ spec: { hash } });
    const again = await call('PUT /keys/ci', { ...key, metadata: { name: 'ci', labels: { a: 'b' } } });
    expect(await server.store.get('Key', 'ci')).toMatchObject({ spec: { hash } });
    const dry = await call('POST /apply', {
      dryRun: true,
      resources: [{ ...key, metadata: { name: 'dry' } }],
    });
    const audit = await call('GET /audit?kind=key&name=ci');
    expect(audit.body.entries.map((one) => one.verb)).toEqual(['update', 'create']);
    expect(audit.body.entries[1]).toMatchObject({ actor: 'tester', reason: 'pipeline' });
    expect(dry.body).toEqual({ results: [{ kind: 'Key', name: 'dry', action: 'created' }] });
    const shown = [again, audit, dry, await call('GET /keys'), await call('GET /keys/ci')];
    for (const { body } of [created, ...shown]) expect(JSON.stringify(body)).not.toContain(hash);
    for (const { body } of shown) expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('come with their secrets from an apply', async () => {
    const done = await applied(key, { ...key, metadata: { name: 'other' } });
    expect(Object.keys(done.secrets)).toEqual(['ci', 'other']);
    expect(done.secrets['ci']).not.toBe(done.secrets['other']);
  });

  it('leave at least one administrator', async () => {
    await applied(key);
    expect((await call('DELETE /keys/ci')).body.error.code).toBe('in_use');
    const demoted = await call('PATCH /keys/ci', { spec: { scopes: ['infer'] } });
    expect(demoted.body.error.code).toBe('in_use');
    const timed = await call('PATCH /keys/ci', { spec: { expiresAt: '2999-01-01T00:00:00Z' } });
    expect(timed.body.error.code).toBe('in_use');
    await applied({ ...key, metadata: { name: 'second' } });
    expect((await call('DELETE /keys/ci')).status).toBe(200);
    expect((await call('DELETE /keys/second')).body.error.code).toBe('in_use');
  });

  it('need a tenant that exists, and hold it', async () => {
    const lost = { ...key, spec: { tenant: 'defualt' } };
    expect((await call('PUT /keys/ci', lost)).body.error.message).toMatch(/Did you mean "default"/);
    await applied(key);
    expect((await call('DELETE /tenants/default')).body.error.message).toContain('Key "ci"');
  });
});

async function statusOf(scope: string, request: string, body?: unknown): Promise<number> {
  return (await call(request, body, { authorization: `Bearer ${scope}` })).status;
}

describe('scopes', () => {
  it('open what they name and nothing more', async () => {
    expect(await statusOf('infer', 'GET /models')).toBe(403);
    expect(await statusOf('read', 'GET /models')).toBe(200);
    expect(await statusOf('read', 'PUT /models/demo', model)).toBe(403);
    expect(await statusOf('write', 'PUT /models/demo', model)).toBe(201);
    expect(await statusOf('write', 'GET /keys')).toBe(403);
    expect(await statusOf('write', 'GET /keys?watch=1')).toBe(403);
    expect(await statusOf('write', 'GET /audit')).toBe(403);
    const key = { kind: 'Key', metadata: { name: 'mine' }, spec: { scopes: ['admin'] } };
    expect(await statusOf('write', 'PUT /keys/mine', key)).toBe(403);
    expect(await statusOf('write', 'POST /apply', { resources: [key] })).toBe(403);
    expect(await statusOf('infer', 'GET /openapi.json')).toBe(200);
  });
});

describe('apply', () => {
  it('changes nothing when one of many is refused, or on a dry run', async () => {
    const bad = await call('POST /apply', { resources: [model, { kind: 'Modle' }] });
    expect(bad.body.error).toMatchObject({ param: 'resources[1].kind' });
    expect(bad.body.error.message).toMatch(/Did you mean "Model"/);
    const twice = await call('POST /apply', { resources: [model, model] });
    expect(twice.body.error.message).toMatch(/comes twice/);
    expect((await call('POST /apply', { resuorces: [] })).body.error.message).toMatch(/"resources"/);
    const dry = await call('POST /apply', { resources: [model], dryRun: true });
    expect(dry.body.results).toEqual([{ kind: 'Model', name: 'demo', action: 'created' }]);
    expect((await call('GET /models')).body.items).toEqual([]);
  });

  it('refuses a body beyond the limit', async () => {
    const huge = await call('POST /apply', { resources: ['x'.repeat(200_000)] });
    expect(huge.status).toBe(413);
  });
});

describe('insight', () => {
  it('tells the reason of every change, from the query, a header or the body', async () => {
    await call('PUT /models/demo?reason=first', model);
    await call('PATCH /models/demo', { spec: { description: 'a' } }, { 'x-reason': 'second' });
    await call('POST /apply', { resources: [model], reason: 'third' });
    await call('DELETE /models/demo?reason=fourth');
    const { body } = await call('GET /audit?kind=models&limit=3');
    expect(body.entries.map((one) => one.reason)).toEqual(['fourth', 'third', 'second']);
    expect(body.entries[1]).toMatchObject({ before: { description: 'a' }, after: { task: 'chat' } });
    const before = await call('GET /audit?until=2001-01-01T00:00:00Z');
    expect(before.body.entries).toEqual([]);
    expect((await call('GET /audit?limit=0')).body.error.param).toBe('limit');
    expect((await call('GET /audit?from=yesterday')).body.error.param).toBe('from');
  });

  it('shows the platform in short, and what replicas wrote', async () => {
    await applied(model, version, deployment);
    const { body } = await call('GET /status');
    expect(body).toMatchObject({ version: '9.9.9', counts: { deployments: 1, replicas: 0 } });
    expect(body.deployments[0]).toMatchObject({ name: 'chat', state: 'pending', wantedReplicas: 1 });
    expect(body.uptimeMs).toBeGreaterThanOrEqual(1000);
    expect((await call('GET /replicas/gone-1/logs?lines=2')).body.lines).toEqual(['two', 'three']);
    expect((await call('GET /replicas/never/logs')).body.error.code).toBe('not_found');
    expect((await call('GET /deployments/chat/load')).body).toMatchObject({ waiting: 3, wanted: 4, max: 1 });
    expect((await call('GET /deployments/none/load')).body.error.code).toBe('not_found');
    expect((await call('GET /openapi.json')).body.openapi).toBe('3.1.0');
  });
});

/** The release of `chat` has come so far, and `chat` serves this version by now. */
async function stands(state: 'comparing' | 'settling' | 'promoted', served: string): Promise<void> {
  const release = await server.store.get('Release', 'next');
  const now = await server.store.get('Deployment', 'chat');
  if (release?.kind !== 'Release' || now?.kind !== 'Deployment') throw new Error('They are there.');
  const since = '2026-11-27T10:00:00.000Z';
  const stable = { version: '1', engine: now.spec.engine };
  const split = { candidate: 'c', stable: 's', share: 1 };
  const status = { state, since, step: 0, stepSince: since, stable, split, message: 'It was decided.' };
  await server.platformWrites({ ...release, status });
  await server.platformWrites({ ...now, spec: { ...now.spec, version: served } });
}

describe('releases', () => {
  it('with gates that could never be passed are refused by name', async () => {
    await call('PUT /models/demo', model);
    await call('PUT /modelversions/demo.1', version);
    const second = { ...version, metadata: { name: 'demo.2' }, spec: { ...version.spec, version: '2' } };
    await call('PUT /modelversions/demo.2', second);
    expect((await call('PUT /deployments/chat', deployment)).status).toBe(201);
    const unsound = [
      [{ gates: [{ name: 'errors' }, { name: 'errors' }] }, 'spec.gates'],
      [{ gates: [{ name: 'scorer' }] }, 'spec.scorer'],
      [{ gates: [{ name: 'feedback' }], strategy: 'shadow' }, 'spec.gates'],
      [{ steps: [50, 20, 100] }, 'spec.steps'],
      [{ steps: [100] }, 'spec.steps'],
    ] as const;
    for (const [wrong, param] of unsound) {
      const spec = { deployment: 'chat', version: '2', ...wrong };
      const { body } = await call('PUT /releases/next', {
        kind: 'Release',
        metadata: { name: 'next' },
        spec,
      });
      expect(body.error).toMatchObject({ code: 'invalid_resource', param });
    }
    const spec = { deployment: 'chat', version: '2', strategy: 'shadow' };
    const sound = await call('PUT /releases/next', { kind: 'Release', metadata: { name: 'next' }, spec });
    expect(sound.status).toBe(201);
  });

  it('keep the steps that they have taken: a share is never raised without evidence', async () => {
    await call('PUT /models/demo', model);
    await call('PUT /modelversions/demo.1', version);
    const second = { ...version, metadata: { name: 'demo.2' }, spec: { ...version.spec, version: '2' } };
    await call('PUT /modelversions/demo.2', second);
    await call('PUT /deployments/chat', deployment);
    const spec = { deployment: 'chat', version: '2', steps: [5, 25, 100] };
    await call('PUT /releases/next', { kind: 'Release', metadata: { name: 'next' }, spec });
    await stands('comparing', '1');
    const other = await call('PATCH /releases/next', { spec: { steps: [90, 100] } });
    expect(other.body.error).toMatchObject({ code: 'invalid_resource', param: 'spec.steps' });
    expect((await call('PATCH /releases/next', { spec: { steps: [5, 10, 50, 100] } })).status).toBe(200);
  });

  it('hold on to both versions until they are over, and then take no verdict any more', async () => {
    await call('PUT /models/demo', model);
    for (const number of ['1', '2']) {
      const one = { ...version, metadata: { name: `demo.${number}` } };
      await call(`PUT /modelversions/demo.${number}`, { ...one, spec: { ...version.spec, version: number } });
    }
    await call('PUT /deployments/chat', deployment);
    const spec = { deployment: 'chat', version: '2', strategy: 'blue-green' };
    await call('PUT /releases/next', { kind: 'Release', metadata: { name: 'next' }, spec });
    expect((await call('DELETE /modelversions/demo.2')).body.error.message).toContain('Release "next"');
    await stands('settling', '2');
    expect((await call('DELETE /releases/next')).body.error).toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('Abort it first'),
    });
    expect((await call('DELETE /modelversions/demo.1')).body.error.message).toContain('Release "next"');
    expect((await call('PATCH /releases/next', { spec: { verdict: 'promote' } })).status).toBe(200);
    await stands('promoted', '2');
    const late = await call('PATCH /releases/next', { spec: { verdict: 'roll-back' } });
    expect(late.body.error).toMatchObject({ code: 'invalid_resource', param: 'spec.verdict' });
    expect(late.body.error.message).toContain('is over: It was decided.');
    expect((await call('DELETE /releases/next')).status).toBe(200);
    expect((await call('DELETE /modelversions/demo.1')).status).toBe(200);
  });
});
