import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configSchema, type Config } from '#schema';
import { startPlatform } from './platform.ts';

let home: string;
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'millrace-platform-')), 'home');
});
afterEach(() => {
  rmSync(join(home, '..'), { recursive: true });
});

function configOf(listen: string): Config {
  return configSchema.parse({ home, listen, demo: false });
}

/** A port that is taken until it is let go. */
async function takePort(): Promise<{ readonly address: string; readonly letGo: () => Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  assert(typeof bound === 'object' && bound !== null);
  return { address: `127.0.0.1:${bound.port}`, letGo: () => once(server.close(), 'close') };
}

/** How a start over this database fails. */
async function failing(url: string) {
  vi.stubEnv('MILLRACE_TEST_POSTGRES', url);
  const postgres = { urlEnv: 'MILLRACE_TEST_POSTGRES' };
  const config = configSchema.parse({ home, listen: '127.0.0.1:0', store: 'postgres', postgres });
  const failed = await startPlatform(config);
  vi.unstubAllEnvs();
  return failed.ok ? undefined : failed.problem;
}

describe('a start that fails', () => {
  it('after it listens leaves port, store and home free, and names the home', async () => {
    // What the address is written to cannot be replaced.
    mkdirSync(join(home, 'run', 'address', 'in-the-way'), { recursive: true });
    writeFileSync(join(home, 'lock.db'), '');
    const { address, letGo } = await takePort();
    await letGo();
    const failed = await startPlatform(configOf(address));
    expect(failed).toMatchObject({ ok: false, problem: { message: expect.stringContaining(home) } });
    rmSync(join(home, 'run', 'address'), { recursive: true });
    const started = await startPlatform(configOf(address));
    expect(started).toMatchObject({ ok: true, value: { url: `http://${address}` } });
    if (started.ok) await started.value.stop();
  });

  it('because nothing can be recorded names the recording, and not the home', async () => {
    const recording = { path: join(home, 'nowhere', 'x.jsonl') };
    const failed = await startPlatform({
      ...configOf('127.0.0.1:0'),
      ...configSchema.pick({ recording: true }).parse({ recording }),
    });
    expect(failed).toMatchObject({ ok: false, problem: { code: 'invalid_config', param: 'recording.path' } });
    expect(failed.ok ? '' : failed.problem.message).toMatch(/^Cannot write the recording .*--record\.$/);
  });

  it('because its certificate cannot be used says which file it is, and not the home', async () => {
    const tls = { cert: join(home, 'nowhere.pem'), key: join(home, 'lock.db') };
    const config = configSchema.parse({ home, listen: '127.0.0.1:0', demo: false, tls });
    const absent = await startPlatform(config);
    expect(absent).toMatchObject({ ok: false, problem: { code: 'invalid_config', param: 'tls.cert' } });
    const wrong = await startPlatform({ ...config, tls: { ...tls, cert: tls.key } });
    expect(wrong).toMatchObject({ ok: false, problem: { code: 'invalid_config', param: 'tls' } });
    expect(wrong.ok ? '' : wrong.problem.message).not.toContain('--home');
  });

  it('because there is no database says where its address comes from, and not the home', async () => {
    const nowhere = await failing('postgres://me:secret@127.0.0.1:9/mine');
    expect(nowhere).toMatchObject({ code: 'store_unreachable', param: 'postgres.urlEnv' });
    expect(nowhere?.message).toMatch(
      /^PostgreSQL: connect ECONNREFUSED 127.0.0.1:9\. .*MILLRACE_TEST_POSTGRES\.$/,
    );
    const none = await failing('127.0.0.1');
    expect(none).toMatchObject({ code: 'invalid_config' });
    expect(none?.message).toMatch(/postgres:\/\/user.* What is there is none\.$/);
  });

  it('because the port is taken keeps the key for the start that succeeds', async () => {
    const { address, letGo } = await takePort();
    const failed = await startPlatform(configOf(address));
    expect(failed).toMatchObject({ ok: false, problem: { code: 'address_in_use' } });
    await letGo();
    const started = await startPlatform(configOf(address));
    if (!started.ok) throw new Error(started.problem.message);
    expect(started.value.adminKey).toBe(readFileSync(join(home, 'admin.key'), 'utf8').trim());
    await started.value.stop();
    const again = await startPlatform(configOf(address));
    if (!again.ok) throw new Error(again.problem.message);
    expect(again.value.adminKey).toBeUndefined();
    await again.value.stop();
    expect(existsSync(join(home, 'run', 'address'))).toBe(false);
  });
});
