import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from './python.ts';
import { removeHome, repository, startPlatform, type RunningPlatform } from './platform.ts';

const python = findPython(['anthropic']);
const why = 'missing' in python ? ` (skipped: ${python.missing})` : '';

describe.skipIf('missing' in python)(`Anthropic's official client for Python${why}`, () => {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await startPlatform({ env: { MILLRACE_DEMO: 'true' } });
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    removeHome(platform.home);
  });

  it('answers, streams, counts and hears errors', { timeout: 120_000 }, () => {
    if ('missing' in python) return;
    const ran = spawnSync(python.command, ['test/e2e/anthropic_client.py', platform.url, platform.key], {
      cwd: repository,
      encoding: 'utf8',
    });
    expect(ran.stderr).toBe('');
    expect(ran.stdout.match(/^holds: /gm)).toHaveLength(6);
    expect(ran.status).toBe(0);
  });
});
