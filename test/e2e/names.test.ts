import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, millrace, readyReplica, removeHome, startPlatform, type RunningPlatform } from './platform.ts';

let platform: RunningPlatform;

function clientWith(apiKey: string): OpenAI {
  return new OpenAI({ baseURL: `${platform.url}/v1`, apiKey, maxRetries: 0 });
}

/** Which version answers. */
async function ask(client: OpenAI, model: string): Promise<string | null> {
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const { response } = await client.chat.completions.create({ model, messages }).withResponse();
  return response.headers.get('x-millrace-model');
}

async function deploy(name: string, version: string): Promise<void> {
  const { status, body } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      { kind: 'Model', metadata: { name: 'tiny' }, spec: {} },
      {
        kind: 'Deployment',
        metadata: { name },
        spec: { model: 'tiny', version, engine: { name: 'fake', options: { tokens: 1 } } },
      },
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  await readyReplica(platform, name);
}

async function keyOf(tenant: string): Promise<string> {
  const created = await millrace(platform, 'keys', 'create', tenant, '--tenant', tenant, '--json');
  return JSON.parse(created.stdout).secret;
}

beforeAll(async () => {
  platform = await startPlatform();
  await deploy('chat', '1');
  await deploy('chat-next', '2');
}, 60_000);

afterAll(async () => {
  await platform.stop();
  removeHome(platform.home);
});

describe('names that clients ask for', () => {
  it('an alias goes over to another deployment between two requests, and none fails', async () => {
    const client = clientWith(platform.key);
    expect((await millrace(platform, 'alias', 'chat-prod', 'chat')).code).toBe(0);
    expect(await ask(client, 'chat-prod')).toBe('tiny@1');
    const over = new AbortController();
    const answered = (async () => {
      const seen: (string | null)[] = [];
      while (!over.signal.aborted) seen.push(await ask(client, 'chat-prod'));
      return seen;
    })();
    const turned = await millrace(platform, 'alias', 'chat-prod', 'chat-next', '--reason', 'It is better');
    over.abort();
    expect(turned).toMatchObject({ code: 0, stdout: 'chat-prod is answered by chat-next\n' });
    const seen = await answered;
    // Never back again.
    expect([...new Set(seen)]).toEqual(seen.includes('tiny@2') ? ['tiny@1', 'tiny@2'] : ['tiny@1']);
    expect(await ask(client, 'chat-prod')).toBe('tiny@2');
    const { body } = await call(platform, 'GET /api/v1/audit?kind=Alias');
    expect(JSON.stringify(body)).toContain('It is better');
  });

  it('are listed, with what serves them', async () => {
    const client = clientWith(platform.key);
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['chat', 'chat-next', 'chat-prod']);
    expect(await client.models.retrieve('chat-prod')).toMatchObject({ id: 'chat-prod', root: 'chat-next' });
  });

  it('mean for a tenant what it was given', async () => {
    const models = { chat: 'tiny@2', ours: 'chat' };
    const tenant = { kind: 'Tenant', metadata: { name: 'acme' }, spec: { models } };
    expect((await call(platform, 'PUT /api/v1/tenants/acme', tenant)).status).toBe(201);
    const client = clientWith(await keyOf('acme'));
    expect(await ask(client, 'chat')).toBe('tiny@2');
    expect(await ask(client, 'ours')).toBe('tiny@1');
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('ours');
    expect(await ask(clientWith(platform.key), 'chat')).toBe('tiny@1');
    await expect(ask(clientWith(platform.key), 'ours')).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('are pinned to a version by model@version, as long as that is served', async () => {
    const client = clientWith(platform.key);
    expect(await ask(client, 'tiny@2')).toBe('tiny@2');
    await expect(ask(client, 'tiny@3')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('There are: tiny@1, tiny@2.'),
    });
  });

  it('cannot hide one another, nor lead nowhere', async () => {
    const named = (name: string, deployment: string) =>
      call(platform, `PUT /api/v1/aliases/${name}`, {
        kind: 'Alias',
        metadata: { name },
        spec: { deployment },
      });
    expect((await named('chat', 'chat-next')).body.error.message).toContain('"chat" already');
    expect((await named('x', 'chat-nxt')).body.error.message).toContain('Did you mean "chat-next"?');
    const held = await call(platform, 'DELETE /api/v1/deployments/chat-next');
    expect(held.status).toBe(409);
    expect(held.body.error.message).toContain('Alias "chat-prod"');
  });

  it('the command line speaks with whatever clients can ask for, and ends where nobody serves it', async () => {
    for (const name of ['chat', 'tiny', 'tiny@2'])
      expect(await millrace(platform, 'chat', name, '-m', 'Hello')).toMatchObject({ code: 0, stderr: '' });
    const nobody = await millrace(platform, 'chat', 'tiny@7', '-m', 'Hello');
    expect([nobody.code, nobody.stdout]).toEqual([3, '']);
    expect(nobody.stderr).toMatch(/"tiny@7".*model_not_found/);
  });
});
