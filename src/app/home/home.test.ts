import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localConnection } from './connection.ts';
import { openHome, writePrivately, type Home } from './home.ts';

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'millrace-home-')), 'home');
});
afterEach(() => {
  rmSync(join(root, '..'), { recursive: true });
});

function opened(): Home {
  const home = openHome(root);
  if (!home.ok) throw new Error(home.problem.message);
  return home.value;
}

describe('the home directory', () => {
  it('is made for its owner alone', () => {
    const home = opened();
    expect(statSync(root).mode & 0o777).toBe(0o700);
    writePrivately(home.paths.adminKey, 'mr_secret\n');
    expect(statSync(home.paths.adminKey).mode & 0o777).toBe(0o600);
    home.close();
  });

  it('belongs to one platform at a time, and the second is told where the first answers', () => {
    const home = opened();
    home.announce('http://127.0.0.1:4711');
    expect(localConnection(root).url).toBe('http://127.0.0.1:4711');
    const second = openHome(root);
    expect(second).toMatchObject({ ok: false, problem: { code: 'already_running' } });
    expect(second.ok ? '' : second.problem.message).toContain('http://127.0.0.1:4711');
    home.close();
    expect(localConnection(root).url).toBeUndefined();
    opened().close();
  });

  it('is free again at once when its platform is killed', async () => {
    const program = `import Database from 'libsql'; const d = new Database(process.argv[1]); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000);`;
    opened().close();
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program, join(root, 'lock.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(openHome(root).ok).toBe(false);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    opened().close();
  });

  it('says what to do when it cannot be used', () => {
    execFileSync('touch', [root]);
    expect(openHome(root)).toMatchObject({ ok: false, problem: { code: 'invalid_config', param: 'home' } });
  });

  it('is taken where it is empty or a home already, and tightened only where it is its own', () => {
    mkdirSync(root);
    chmodSync(root, 0o755);
    opened().close();
    expect(statSync(root).mode & 0o777).toBe(0o755);
    opened().close();
    expect(statSync(root).mode & 0o777).toBe(0o700);
  });

  it('is not taken from others', () => {
    mkdirSync(root);
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'thesis.tex'), '');
    expect(openHome(root)).toMatchObject({ ok: false, problem: { code: 'invalid_config', param: 'home' } });
    expect(statSync(root).mode & 0o777).toBe(0o755);
    expect(readdirSync(root)).toEqual(['thesis.tex']);
  });

  it('says what is wrong when it cannot be locked, and not that it runs already', () => {
    opened().close();
    writeFileSync(join(root, 'lock.db'), 'no database at all, however long one looks at it'.repeat(50));
    const damaged = openHome(root);
    expect(damaged).toMatchObject({ ok: false, problem: { code: 'invalid_config' } });
    expect(damaged.ok ? '' : damaged.problem.message).toContain('delete it');
    rmSync(join(root, 'lock.db'));
    mkdirSync(join(root, 'lock.db'));
    expect(openHome(root)).toMatchObject({ ok: false, problem: { code: 'invalid_config' } });
  });
});
