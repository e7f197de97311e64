import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelVersionStatus } from '#schema';
import { startAdmin, type AdminServer } from '../admin/harness.ts';
import { run, start, type Ran } from './run.ts';

let server: AdminServer;
let folder: string;
beforeEach(async () => {
  server = await startAdmin();
  folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function millrace(line: string, ...more: readonly string[]): Promise<Ran> {
  return run([...line.split(' '), ...more, '--url', server.url, '--key', 'admin']);
}

const manifest = `
kind: Model
metadata: { name: demo }
spec: {}
---
kind: ModelVersion
metadata: { name: demo.1 }
spec: { model: demo, version: "1", source: "file:/models/demo.gguf" }
---
kind: Deployment
metadata: { name: chat }
spec: { model: demo, version: "1" }
`;

async function applied(): Promise<void> {
  const path = join(folder, 'all.yaml');
  await writeFile(path, manifest);
  expect(await millrace(`apply -f ${path}`)).toMatchObject({ code: 0 });
}

/** Plays the control plane. */
async function all(status: ModelVersionStatus): Promise<void> {
  for (const version of await server.store.list('ModelVersion'))
    if (version.kind === 'ModelVersion') await server.platformWrites({ ...version, status });
}

describe('resources by command', () => {
  it('are applied, listed, described, scaled and deleted', async () => {
    await applied();
    const again = await millrace(`apply -f ${join(folder, 'all.yaml')}`);
    expect(again.out).toBe(
      'model/demo unchanged\nmodelversion/demo.1 unchanged\ndeployment/chat unchanged\n',
    );
    const list = await millrace('get deployments');
    expect(list.out).toMatch(/^NAME +MODEL +ENGINE +READY/);
    expect(list.out).toMatch(/chat +demo@1 +llama +0\/1/);
    expect((await millrace('scale chat 3 --reason busy')).out).toBe('chat is to have 3\n');
    const described = await millrace('describe deployment chat');
    expect(described.out).toContain('min: 3');
    expect(described.out).toMatch(/update +tester +busy/);
    expect((await millrace('delete deployment chat')).out).toBe('deployment/chat deleted\n');
    expect((await millrace('get deployments')).out).toBe('There are no deployments.\n');
  });

  it('are explained with the bounds that hold, also where the most is not said', async () => {
    await applied();
    const path = join(folder, 'zero.yaml');
    const spec = '{ model: demo, version: "1", replicas: { min: 0 }, scaling: {} }';
    await writeFile(path, `kind: Deployment\nmetadata: { name: chat }\nspec: ${spec}\n`);
    expect(await millrace(`apply -f ${path}`)).toMatchObject({ code: 0 });
    const at = new Date().toISOString();
    const scaling = { replicas: 1, since: at, policy: 'predictive', reason: 'enough', at };
    const status = { replicas: 0, readyReplicas: 0, observedGeneration: 1, restarts: 0, scaling };
    for (const found of await server.store.list('Deployment'))
      if (found.kind === 'Deployment') await server.platformWrites({ ...found, status });
    expect((await millrace('scale explain chat')).out).toMatch(/bounds: +0 to 1\n/);
  });

  it('come back from what get has printed', async () => {
    await applied();
    const { out } = await millrace('get models -o yaml');
    const path = join(folder, 'again.yaml');
    await writeFile(path, out);
    expect((await millrace(`apply -f ${path}`)).out).toBe('model/demo unchanged\n');
  });

  it('are edited in an editor, only what was changed is sent', async () => {
    await applied();
    const edited = await millrace('edit deployment chat --editor', 'sed -i s/holdMs:.*/holdMs:\\ 5/');
    expect(edited).toMatchObject({ code: 0, out: 'deployment/chat configured\n' });
    expect(await server.store.get('Deployment', 'chat')).toMatchObject({ spec: { limits: { holdMs: 5 } } });
    expect((await millrace('edit deployment chat --editor true')).out).toBe('deployment/chat unchanged\n');
  });

  it('are left as they were by an editor that fails, and what was typed is kept', async () => {
    await applied();
    const untouched = await millrace('edit deployment chat --editor', 'rm -f /nowhere; false');
    expect(untouched).toMatchObject({ code: 1, out: '' });
    expect(untouched.err).not.toContain('kept in');
    const typed = await millrace('edit deployment chat --editor', 'f() { echo more >> "$1"; false; }; f');
    const [, path = ''] = /kept in (.*)\.\n/.exec(typed.err) ?? [];
    expect(await readFile(path, 'utf8')).toMatch(/more\n$/);
    await rm(dirname(path), { recursive: true });
  });
});

function versionFile(number: string, metadata: string): string {
  return `---\nkind: ModelVersion\nmetadata: { name: fam.${number} }\nspec: { model: fam, version: "${number}", source: none${metadata} }\n`;
}

describe('models', () => {
  it('are pushed, become a version with the next number, and are deployed', async () => {
    const path = join(folder, 'model.bin');
    await writeFile(path, 'MODEL and more');
    const making = setInterval(() => void all({ state: 'ready', format: 'test' }), 50);
    const first = await millrace(`models push ${path} mine --commit abc`);
    const second = await millrace(`models push ${path} mine`);
    clearInterval(making);
    expect(first).toMatchObject({ code: 0, out: 'mine@1 is ready (test, 14 B)\n' });
    expect(second.out).toContain('mine@2');
    const history = await millrace('models history mine');
    expect(history.out).toMatch(/^VERSION[^]*\n2 [^]*\n1 .*abc/);
    const deployed = await millrace('deploy mine --option threads=2 --replicas 2');
    expect(deployed.code).toBe(0);
    expect(await server.store.get('Deployment', 'mine')).toMatchObject({
      spec: { version: '2', engine: { options: { threads: 2 } }, replicas: { min: 2 } },
    });
    await millrace('deploy mine@1 --reason older');
    expect(await server.store.get('Deployment', 'mine')).toMatchObject({
      spec: { version: '1', replicas: { min: 2 } },
    });
    expect((await millrace('rollback mine --reason newer')).code).toBe(0);
    expect(await server.store.get('Deployment', 'mine')).toMatchObject({ spec: { version: '2' } });
    const told = (await millrace('models history mine')).out;
    expect(told).toMatch(
      /serves version 2 +newer\n[^]*serves version 1 +older\n[^]*serves version 2[^]*version 1 registered/,
    );
  });

  it('tell where their versions come from, and say of themselves what models for their task do', async () => {
    const path = join(folder, 'family.yaml');
    const family = [
      '---\nkind: Model\nmetadata: { name: fam }\nspec: { task: embedding }\n',
      versionFile('1', ', metadata: { trainingJob: run-7, trainingData: wiki, details: { dimensions: 64 } }'),
      versionFile('2', ', parent: fam.1, metadata: { commit: abc, metrics: { recall: 0.9 } }'),
      versionFile('3', ', parent: fam.1'),
    ];
    await writeFile(path, family.slice(0, 2).join(''));
    expect((await millrace(`apply -f ${path}`)).code).toBe(0);
    await writeFile(path, family.join(''));
    expect((await millrace(`apply -f ${path}`)).code).toBe(0);
    expect((await millrace('models lineage fam')).out).toBe(
      'fam@1  (job run-7, data wiki)\n  fam@2  (commit abc, recall 0.9)\n  fam@3\n',
    );
    await writeFile(path, versionFile('4', ', metadata: { details: { contextTokens: 9 } }'));
    const refused = await millrace(`apply -f ${path}`);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('Of a model for embedding these are known: languages, license, dimensions');
  });

  it('that are none are refused with the reason', async () => {
    const path = join(folder, 'model.bin');
    await writeFile(path, 'garbage');
    const refused = await millrace(`models push ${path} mine`);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/It begins with "garba".*not_a_model/);
    expect((await millrace('models list')).out).toContain('There are no models');
  });

  it('that cannot be pulled end the command with the reason', async () => {
    const failing = setInterval(() => void all({ state: 'failed', message: 'No such host.' }), 50);
    const pulled = await millrace('models pull https://nowhere.invalid/a.gguf mine');
    clearInterval(failing);
    expect(pulled).toMatchObject({ code: 1 });
    expect(pulled.err).toContain('No such host.');
  });

  it('that may come later end the command too, and tell when the platform tries again', async () => {
    const nextTryAt = '2026-01-01T00:00:05Z';
    const failing = setInterval(() => void all({ state: 'failed', message: 'Busy.', nextTryAt }), 50);
    const pulled = await millrace('models pull https://busy.invalid/a.gguf mine');
    clearInterval(failing);
    expect(pulled).toMatchObject({ code: 1 });
    expect(pulled.err).toContain(`mine.1 failed: Busy. The platform tries again at ${nextTryAt}.`);
  });
});

const replica = {
  apiVersion: 'millrace.dev/v1',
  kind: 'Replica',
  metadata: { name: 'chat-1' },
  spec: {
    deployment: 'chat',
    model: 'demo',
    version: '1',
    generation: 1,
    engine: 'llama',
    substrate: 'process',
  },
} as const;

describe('replicas', () => {
  it('are told with their nodes where there are any, and where their logs are', async () => {
    await applied();
    await server.platformWrites(replica);
    expect((await millrace('get replicas')).out).toMatch(/^NAME +DEPLOYMENT +MODEL +STATE +MESSAGE +AGE\n/);
    const far = { ...replica, metadata: { name: 'chat-2' }, spec: { ...replica.spec, node: 'far' } };
    await server.platformWrites(far);
    expect((await millrace('get replicas')).out).toMatch(/ STATE +NODE [^]*\nchat-2 .* far /);
    const logs = await millrace('logs chat-2');
    expect([logs.code, logs.out]).toEqual([0, '']);
    expect(logs.err).toContain('in HOME/logs on far');
  });
});

describe('deploy --wait', () => {
  it('tells how far it is and returns when the deployment answers', async () => {
    await applied();
    const line = `deploy demo@1 --name chat --wait --url ${server.url} --key admin`;
    const waiting = start(line.split(' '));
    const since = '2026-01-01T00:00:00Z';
    const loading = { state: 'loading', since, loadedFraction: 0.5, remainingMs: 3000 } as const;
    await server.platformWrites({ ...replica, status: loading });
    await expect.poll(waiting.err).toContain('chat: 0 of 1 ready 50 % (3s left)');
    await server.platformWrites({ ...replica, status: { state: 'ready', since } });
    const status = { replicas: 1, readyReplicas: 1, restarts: 0, observedGeneration: 1 };
    const chat = await server.store.get('Deployment', 'chat');
    await Promise.all(chat?.kind === 'Deployment' ? [server.platformWrites({ ...chat, status })] : []);
    expect(await waiting.done).toMatchObject({ code: 0, out: 'chat serves demo@1\n' });
  });

  it('gives up on a deployment that does not come up, with its message', async () => {
    await applied();
    const waiting = millrace('deploy demo@1 --name chat --wait');
    const counts = { replicas: 0, readyReplicas: 0, restarts: 3, observedGeneration: 1 };
    const status = { ...counts, message: 'Out of memory.' };
    const chat = await server.store.get('Deployment', 'chat');
    await Promise.all(chat?.kind === 'Deployment' ? [server.platformWrites({ ...chat, status })] : []);
    const failed = await waiting;
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toContain('Out of memory.');
  });
});

describe('keys', () => {
  it('show their secret alone on stdout, so that a script can take it', async () => {
    const made = await millrace('keys create ci --scopes infer,read --expires 30d');
    expect(made.out).toMatch(/^mr_[0-9a-f]{64}\n$/);
    const again = await millrace('keys create ci');
    expect(again).toMatchObject({ code: 3, out: '' });
    expect((await millrace('keys list')).out).toMatch(/ci +default +infer,read/);
    expect((await millrace('keys revoke ci')).out).toBe('key/ci revoked\n');
  });
});

describe('mistakes', () => {
  it('end with the right code and a hint', async () => {
    await applied();
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['stauts', 2, /Did you mean status/],
      ['get deploymnets', 2, /Did you mean "deployments"/],
      ['get deployment chta', 3, /Did you mean "chat"/],
      ['scale chat many', 2, /must be a whole number/],
      ['keys create x --scopes wirte', 2, /no scope/],
      ['apply -f /nowhere.yaml', 2, /Cannot read/],
      ['deploy dmeo', 1, /Did you mean "demo"/],
      ['delete replica x', 2, /written by the platform/],
      ['models pull nonsense mine', 2, /is no source/],
      ['deploy demo@', 2, /MODEL@VERSION/],
      ['get deployments -w -l a=b', 2, /--watch .* --selector/],
      ['get deployments -w -o json', 2, /--watch .* --output/],
      ['get deployment chta -w', 3, /Did you mean "chat"/],
      [`models push ${folder} mine`, 2, /Cannot read .*: it is no file\./],
      ['models push /dev/null mine', 2, /it is no file/],
      ['models push package.json Mine', 2, /"Mine": use lower-case letters/],
      ['models push package.json mine@ü', 2, /"mine.ü": use lower-case letters/],
      ['batches submit /nowhere.jsonl', 2, /Cannot read .*ENOENT/],
      [`batches submit ${folder}`, 2, /Cannot read .*: it is no file\./],
      ['infer chat --inputs [{"name":"a"}]', 2, /"\[0\].shape" is missing\.\n$/],
      ['infer chat --inputs [', 2, /--inputs is no JSON/],
      ['release start chat 2 --copies 5', 2, /--copies .* shadow/],
      ['release start chat 2 --strategy shadow --steps 5,100', 2, /--steps .* canary or ab/],
      ['apply -f -', 2, /no resources in standard input/],
    ];
    for (const [line, code, hint] of cases) {
      const failed = await millrace(line);
      expect([line, failed.code, failed.out]).toEqual([line, code, '']);
      expect(failed.err).toMatch(hint);
    }
  });

  it('are JSON on stderr with --json, and only there', async () => {
    const cases: readonly (readonly [string, number, string])[] = [
      ['get deployment nothing --json', 3, 'not_found'],
      ['frobnicate --json', 2, 'invalid_request'],
      ['scale chat x --json', 2, 'invalid_request'],
    ];
    for (const [line, code, problem] of cases) {
      const failed = await millrace(line);
      expect([line, failed.code, failed.out]).toEqual([line, code, '']);
      expect(JSON.parse(failed.err)).toMatchObject({ error: { code: problem } });
    }
  });

  it('of the connection are told apart from refusals', async () => {
    const nobody = await run(['status', '--url', 'http://127.0.0.1:9', '--key', 'x', '--json']);
    expect(nobody.code).toBe(1);
    expect(JSON.parse(nobody.err)).toMatchObject({ error: { code: 'unreachable' } });
    const stranger = await run(['status', '--url', server.url, '--key', 'infer']);
    expect(stranger).toMatchObject({ code: 3 });
  });
});

describe('output', () => {
  it('with --json is one JSON value per result', async () => {
    await applied();
    expect(JSON.parse((await millrace('status --json')).out)).toMatchObject({ counts: { models: 1 } });
    expect(JSON.parse((await millrace('get models --json')).out)).toMatchObject({ kind: 'ModelList' });
    expect((await millrace('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await millrace('help deploy')).out).toContain('millrace deploy [options] <model>');
  });
});
