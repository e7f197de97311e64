import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from './python.ts';
import { removeHome, repository, startPlatform, type RunningPlatform } from './platform.ts';

const python = findPython(['openai']);
const why = 'missing' in python ? ` (skipped: ${python.missing})` : '';

describe.skipIf('missing' in python)(`the official client for Python${why}`, () => {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await startPlatform({ env: { MILLRACE_DEMO: 'true' } });
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    removeHome(platform.home);
  });

  it(
    'lists, chats, streams, runs a batch, embeds, keeps to a schema, hears errors and may go away',
    { timeout: 120_000 },
    () => {
      if ('missing' in python) return;
      const ran = spawnSync(python.command, ['test/e2e/openai_client.py', platform.url, platform.key], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect(ran.stderr).toBe('');
      expect(ran.stdout.match(/^holds: /gm)).toHaveLength(9);
      expect(ran.status).toBe(0);
    },
  );
});
