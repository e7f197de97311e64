import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  isRunning,
  lifeOf,
  millrace,
  readyReplica,
  replicasOf,
  repository,
  type Json,
  type RunningPlatform,
} from './platform.ts';
import { applyFake, sceneOfEachTest } from './scene.ts';

const demoFile = join(repository, 'models/demo/demo-q8_0.gguf');
const { up, home: newHome } = sceneOfEachTest();

function stream(platform: RunningPlatform, model: string, prompt: string): Promise<Response> {
  return fetch(`${platform.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.key}` },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: prompt }] }),
  });
}

/** Reads a stream until `until` has come, and goes on reading in the background; `rest` is all of it. */
async function readUntil(response: Response, until: string): Promise<{ rest: Promise<string> }> {
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  let text = '';
  const decoder = new TextDecoder();
  while (!text.includes(until)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended early: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  async function finish(): Promise<string> {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
  }
  return { rest: finish() };
}

function pids(replicas: readonly Json[]): number[] {
  const all: number[] = replicas.map((one) => one.status.identity.pid);
  return all.toSorted((a, b) => a - b);
}

async function busyReplica(platform: RunningPlatform, deployment: string) {
  return eventually(async () => {
    for (const replica of await replicasOf(platform, deployment))
      if (replica.status?.state === 'ready' && (await lifeOf(replica)).active > 0) return replica;
    return undefined;
  }, 'a replica at work');
}

describe('when things go wrong', () => {
  it(
    'an engine killed in mid-stream: a clear error event, others go on, a new replica comes',
    { timeout: 120_000 },
    async () => {
      const platform = await up();
      await applyFake(platform, 'victim', {
        engine: { name: 'fake', options: { tokenMs: 50, tokens: 400 } },
      });
      await applyFake(platform, 'bystander', {
        engine: { name: 'fake', options: { tokenMs: 50, tokens: 100 } },
      });
      await readyReplica(platform, 'victim');
      await readyReplica(platform, 'bystander');
      const doomed = await readUntil(await stream(platform, 'victim', 'tell me'), 'data: ');
      const lucky = await readUntil(await stream(platform, 'bystander', 'tell me'), 'data: ');
      const replica = await busyReplica(platform, 'victim');
      process.kill(replica.status.identity.pid, 'SIGKILL');
      expect(await doomed.rest).toContain('"code":"replica_failed"');
      expect(await lucky.rest).toContain('[DONE]');
      await readyReplica(platform, 'victim', replica.metadata.name);
      expect((await stream(platform, 'victim', '!tokens 2')).status).toBe(200);
    },
  );

  it(
    'an engine that is alive but stuck is noticed by its lack of progress and replaced',
    { timeout: 120_000 },
    async () => {
      const platform = await up();
      await applyFake(platform, 'stuck', { engine: { name: 'fake', options: { hangAfterTokens: 3 } } });
      const first = await readyReplica(platform, 'stuck');
      const hanging = await readUntil(await stream(platform, 'stuck', 'go'), 'data: ');
      const next = await readyReplica(platform, 'stuck', first.metadata.name);
      expect(next.metadata.name).not.toBe(first.metadata.name);
      expect(await hanging.rest).toContain('"code":"replica_failed"');
    },
  );

  it(
    'the platform killed: what ran is adopted, requests go on, nothing is started twice',
    { timeout: 120_000 },
    async () => {
      const platform = await up();
      await applyFake(platform, 'kept', { replicas: { min: 2 } });
      const before = await eventually(async () => {
        const ready = (await replicasOf(platform, 'kept')).filter((one) => one.status?.state === 'ready');
        return ready.length === 2 && ready;
      }, 'two replicas');
      await platform.kill();
      const again = await up({ home: platform.home });
      const after = await replicasOf(again, 'kept');
      expect(pids(after)).toEqual(pids(before));
      expect((await stream(again, 'kept', 'still there?')).status).toBe(200);
      await again.stop();
      expect(pids(before).filter(isRunning)).toEqual([]);
    },
  );

  it('the platform killed during apply: everything acknowledged is there', { timeout: 120_000 }, async () => {
    const platform = await up();
    const acknowledged: string[] = [];
    const applying = (async () => {
      for (let n = 0; ; n++) {
        const name = `m${n}`;
        const resources = [{ kind: 'Model', metadata: { name }, spec: { description: 'x'.repeat(1000) } }];
        const { status } = await call(platform, 'POST /api/v1/apply', { resources });
        if (status === 200) acknowledged.push(name);
      }
    })().catch(() => undefined);
    await eventually(async () => acknowledged.length > 50, 'fifty acknowledged changes');
    await platform.kill();
    await applying;
    const again = await up({ home: platform.home });
    const { body } = await call(again, 'GET /api/v1/models');
    const names = new Set(body.items.map((item: Json) => item.metadata.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  });

  it('the platform killed during a push: the push goes on where it was', { timeout: 120_000 }, async () => {
    const platform = await up();
    const file = readFileSync(demoFile);
    const digest = `sha256:${createHash('sha256').update(file).digest('hex')}`;
    const opened = await call(platform, 'POST /api/v1/uploads', {
      name: 'demo.gguf',
      sizeBytes: file.length,
      digest,
    });
    const half = Math.floor(file.length / 2);
    const send = (to: RunningPlatform, from: number, until: number) =>
      fetch(`${to.url}/api/v1/uploads/${opened.body.id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${to.key}`, 'upload-offset': String(from) },
        body: file.subarray(from, until),
      });
    expect((await send(platform, 0, half)).ok).toBe(true);
    await platform.kill();
    const again = await up({ home: platform.home });
    const { body } = await call(again, `GET /api/v1/uploads/${opened.body.id}`);
    expect(body.received).toEqual([{ from: 0, to: half }]);
    const pushed = await millrace(again, 'models', 'push', demoFile, 'pushed@1', '--json');
    expect(pushed.stderr).toBe('');
    expect(pushed.code).toBe(0);
    const version = await call(again, 'GET /api/v1/modelversions/pushed.1');
    expect(version.body.status).toMatchObject({ state: 'ready', digest });
  });

  it('files that are no models are refused at push, with the reason', { timeout: 120_000 }, async () => {
    const platform = await up();
    const good = readFileSync(demoFile);
    const corrupt = Buffer.from(good);
    corrupt.fill(0xff, 8, 24);
    const folder = join(platform.home, 'files');
    mkdirSync(folder);
    const files: Record<string, [Buffer, RegExp]> = {
      'truncated.gguf': [good.subarray(0, good.length - 5000), /truncated|ends at/],
      'corrupt.gguf': [corrupt, /./],
      'notes.txt': [Buffer.from('This is not a model.'), /./],
      'short.gguf': [good.subarray(0, 100), /./],
    };
    for (const [name, [bytes, reason]] of Object.entries(files)) {
      writeFileSync(join(folder, name), bytes);
      const pushed = await millrace(platform, 'models', 'push', join(folder, name), 'bad@1', '--json');
      expect({ name, code: pushed.code }).toEqual({ name, code: 3 });
      expect(pushed.stderr).toContain('not_a_model');
      expect(JSON.parse(pushed.stderr).error.message).toMatch(reason);
    }
    expect((await call(platform, 'GET /api/v1/modelversions/bad.1')).status).toBe(404);
  });

  it(
    'a second platform on one home is refused with the address of the first',
    { timeout: 60_000 },
    async () => {
      const platform = await up();
      const second = await millrace(platform, 'up', '--listen', '127.0.0.1:0');
      expect(second.code).toBe(1);
      expect(second.stderr).toContain(platform.url);
    },
  );

  it('a port that is taken is said so, and nothing is left behind', { timeout: 60_000 }, async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const home = newHome();
    const refused = await millrace({ home }, 'up', '--listen', `127.0.0.1:${port}`);
    squatter.close();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--listen');
    const platform = await up({ home });
    expect((await call(platform, 'GET /api/v1/models')).status).toBe(200);
  });

  it('listening beyond loopback without TLS is refused unless asked for', { timeout: 60_000 }, async () => {
    const home = newHome();
    const refused = await millrace({ home }, 'up', '--listen', '0.0.0.0:0');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('--insecure');
  });

  const canMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;
  it.skipIf(!canMount)(
    'a full disk: changes are refused by name, nothing acknowledged is lost (skipped without the right to mount)',
    { timeout: 120_000 },
    async () => {
      const home = newHome();
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', home]).status !== 0) return;
      try {
        const platform = await up({ home });
        const put = (name: string) =>
          call(platform, `PUT /api/v1/models/${name}`, {
            kind: 'Model',
            metadata: { name },
            spec: { description: 'y'.repeat(4000) },
          });
        expect((await put('before')).status).toBeLessThan(300);
        spawnSync('dd', ['if=/dev/zero', `of=${join(home, 'filler')}`, 'bs=4k']);
        const acknowledged = ['before'];
        const refused = await eventually(async () => {
          const name = `m${acknowledged.length}`;
          const { status, body } = await put(name);
          if (status < 300) acknowledged.push(name);
          return status >= 300 && body;
        }, 'the disk to be full');
        expect(refused.error.code).toBe('storage_full');
        rmSync(join(home, 'filler'));
        expect((await put('after')).status).toBeLessThan(300);
        const { body } = await call(platform, 'GET /api/v1/models');
        const names = body.items.map((item: Json) => item.metadata.name);
        expect(names).toEqual(expect.arrayContaining([...acknowledged, 'after']));
        await platform.stop();
      } finally {
        spawnSync('umount', ['-l', home]);
      }
    },
  );
});
