import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-up-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a platform whose terminal goes away', () => {
  it('runs on while nobody reads what it says, and ends in order when told to hang up', async () => {
    const home = join(folder, 'home');
    const child = spawn(
      process.execPath,
      [
        '--import',
        import.meta.resolve('tsx'),
        '--conditions=source',
        main,
        'up',
        '--home',
        home,
        '--listen',
        '127.0.0.1:0',
      ],
      { env: { ...process.env, MILLRACE_DEMO: 'false' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = once(child, 'exit');
    let greeting = '';
    child.stdout.on('data', (part: Buffer) => {
      greeting += part.toString();
    });
    await expect.poll(() => greeting, { timeout: 20_000 }).toContain('Millrace listens on http');
    const url = /http\S+/.exec(greeting)?.[0] ?? '';
    child.stdout.destroy();
    child.stderr.destroy();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGHUP');
    child.kill('SIGHUP');
    expect(await ended).toEqual([0, null]);
    // Nobody is told any more that something listens here: it has left by the front door.
    expect(existsSync(join(home, 'run', 'address'))).toBe(false);
  });
});
