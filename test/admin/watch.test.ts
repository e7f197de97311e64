import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMillrace, type Millrace, type Model, type WatchEvent } from '@millrace/sdk';
import { startAdmin, type AdminServer } from './harness.ts';

let server: AdminServer;
let client: Millrace;
let leaving: AbortController;

beforeEach(async () => {
  server = await startAdmin({ historyChangesMax: 20 });
  client = createMillrace({ baseUrl: server.url, apiKey: 'admin' });
  leaving = new AbortController();
});
afterEach(async () => {
  leaving.abort();
  await server.close();
});

function model(name: string, description?: string): Parameters<Millrace['apply']>[0][number] {
  return { kind: 'Model', metadata: { name }, spec: { description } };
}

function told(event: WatchEvent<Model> | undefined): string {
  if (event === undefined) return 'end';
  return event.type === 'synced' ? 'synced' : `${event.type} ${event.resource.metadata.name}`;
}

type Watch = AsyncGenerator<WatchEvent<Model>, void, undefined>;

async function next(watch: Watch, count: number): Promise<string[]> {
  const events: string[] = [];
  while (events.length < count) {
    const { value } = await watch.next();
    events.push(told(value ?? undefined));
  }
  return events;
}

function ask(query: string): Promise<Response> {
  return fetch(`${server.url}/api/v1/models?watch=1&${query}`, { headers: { authorization: 'Bearer read' } });
}

/** The first call afterwards may still meet a connection that was cut. */
async function cutConnections(): Promise<void> {
  server.cutConnections();
  await client.status().catch(() => undefined);
}

describe('a watch', () => {
  it('tells the state, says so, and then every change in order', async () => {
    await client.apply([model('a'), model('b')]);
    const watch = client.resources('Model').watch({ signal: leaving.signal });
    expect(await next(watch, 3)).toEqual(['put a', 'put b', 'synced']);
    await client.apply([model('c')]);
    await client.resources('Model').delete('a');
    await client.resources('Tenant').put({ kind: 'Tenant', metadata: { name: 'other' }, spec: {} });
    await client.resources('Model').patch('b', { spec: { description: 'x' } });
    expect(await next(watch, 3)).toEqual(['put c', 'deleted a', 'put b']);
  });

  it('goes on where it was when the connection breaks: nothing twice, nothing lost', async () => {
    await client.apply([model('a')]);
    const watch = client.resources('Model').watch({ signal: leaving.signal });
    expect(await next(watch, 2)).toEqual(['put a', 'synced']);
    await client.apply([model('b')]);
    expect(await next(watch, 1)).toEqual(['put b']);
    await cutConnections();
    await client.apply([model('c')]);
    expect(await next(watch, 2)).toEqual(['synced', 'put c']);
  });

  it('starts over when it has been away too long, and still tells what has gone', async () => {
    await client.apply([model('a'), model('b')]);
    const watch = client.resources('Model').watch({ signal: leaving.signal });
    expect(await next(watch, 3)).toEqual(['put a', 'put b', 'synced']);
    await cutConnections();
    await client.resources('Model').delete('a');
    for (let n = 0; n < 50; n += 1) await client.apply([model('b', `${n}`)]);
    expect(await next(watch, 3)).toEqual(['put b', 'deleted a', 'synced']);
  });

  it('from a version that is forgotten is refused, and from nonsense too', async () => {
    for (let n = 0; n < 50; n += 1) await client.apply([model('a', `${n}`)]);
    expect((await ask('resourceVersion=2')).status).toBe(410);
    expect((await ask('resourceVersion=abc')).status).toBe(400);
    expect((await ask('labelSelector=a%3Db')).status).toBe(400);
  });

  it('ends at once when it may not be read', async () => {
    const stranger = createMillrace({ baseUrl: server.url, apiKey: 'infer' });
    await expect(stranger.resources('Model').watch().next()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('ends with its key: what happens after that is not told', async () => {
    await client.apply([model('a')]);
    const response = await fetch(`${server.url}/api/v1/models?watch=1`, {
      headers: { authorization: 'Bearer read' },
    });
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for await (const part of response.body ?? []) text += decoder.decode(part);
    })();
    await expect.poll(() => text).toContain('event: synced');
    server.revokeKeys();
    await server.platformWrites({
      apiVersion: 'millrace.dev/v1',
      kind: 'Model',
      metadata: { name: 'secret' },
      spec: { task: 'chat' },
    });
    await expect(reading).rejects.toThrow(/terminated/);
    expect(text).not.toContain('secret');
  });

  it('cuts off a client that does not read, and holds nothing for it', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('GET /api/v1/models?watch=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer read\r\n\r\n');
    // Something has come, so the watch is on; none of it is ever taken.
    await new Promise((resolve) => socket.once('readable', resolve));
    let closed = false;
    socket.once('error', () => (closed = true));
    socket.once('close', () => (closed = true));
    const annotations = Object.fromEntries(
      Array.from({ length: 250 }, (_, n) => [`n${n}`, 'x'.repeat(4000)]),
    );
    for (let turn = 0; turn < 40; turn += 1) {
      await new Promise(setImmediate);
      await server.platformWrites({
        apiVersion: 'millrace.dev/v1',
        kind: 'Model',
        metadata: { name: 'a', annotations: { ...annotations, turn: `${turn}` } },
        spec: { task: 'chat' },
      });
    }
    await expect.poll(() => server.connections()).toBe(0);
    socket.resume();
    await expect.poll(() => closed).toBe(true);
  });

  it('tells a state of any size to whoever reads it', async () => {
    const note = 'x'.repeat(4000);
    const annotations = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`n${n}`, note]));
    const { store } = server;
    const spec = { task: 'chat' } as const;
    const changes = Array.from({ length: 200 }, (_, n) => {
      const metadata = { name: `m${n}`, annotations };
      const resource = { apiVersion: 'millrace.dev/v1', kind: 'Model', metadata, spec } as const;
      return { verb: 'put', resource } as const;
    });
    await store.commit(changes, { name: 'test', tenant: 'default' });
    const watch = client.resources('Model').watch({ signal: leaving.signal });
    const events = await next(watch, 201);
    expect(events.at(-1)).toBe('synced');
    expect(new Set(events).size).toBe(201);
  });

  it('hears no more of the store once the client has left', async () => {
    let listeners = 0;
    const { store } = server;
    const original = { ...store };
    Object.assign(store, {
      watch: async (...args: Parameters<typeof store.watch>) => {
        const watched = await original.watch(...args);
        listeners += 1;
        return watched.ok ? { ok: true, stop: () => ((listeners -= 1), watched.stop()) } : watched;
      },
    });
    const watch = client.resources('Model').watch({ signal: leaving.signal });
    await next(watch, 1);
    expect(listeners).toBe(1);
    await watch.return();
    await expect.poll(() => listeners).toBe(0);
  });
});
