import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientSettings } from './client.ts';

let home: string;
beforeEach(() => {
  vi.stubEnv('MILLRACE_URL', '');
  vi.stubEnv('MILLRACE_KEY', '');
  home = mkdtempSync(join(tmpdir(), 'millrace-client-'));
  mkdirSync(join(home, 'run'));
  writeFileSync(join(home, 'admin.key'), 'mr_home\n');
  writeFileSync(join(home, 'run', 'address'), 'http://127.0.0.1:4711\n');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

describe("the administrator's key of a home directory", () => {
  it('goes to the platform that runs on it', () => {
    const url = 'http://127.0.0.1:4711';
    expect(clientSettings({ home })).toEqual({ url, key: 'mr_home' });
    expect(clientSettings({ home, url: `${url}/` })).toMatchObject({ key: 'mr_home' });
  });

  it('goes nowhere else, whoever names the address', () => {
    expect(clientSettings({ home, url: 'https://elsewhere' })).toEqual({ url: 'https://elsewhere' });
    expect(clientSettings({ home, url: 'http://127.0.0.1:4712' })).not.toHaveProperty('key');
    expect(clientSettings({ home, url: 'http://127.0.0.1:4711@elsewhere' })).not.toHaveProperty('key');
    vi.stubEnv('MILLRACE_URL', 'https://elsewhere');
    expect(clientSettings({ home })).toEqual({ url: 'https://elsewhere' });
    vi.stubEnv('MILLRACE_KEY', 'mr_given');
    expect(clientSettings({ home })).toEqual({ url: 'https://elsewhere', key: 'mr_given' });
  });

  it('stays at home while no platform runs there', () => {
    rmSync(join(home, 'run', 'address'));
    expect(clientSettings({ home })).toEqual({ url: 'http://127.0.0.1:8080' });
  });
});
