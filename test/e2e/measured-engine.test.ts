import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeHome,
  millrace,
  readyReplica,
  removeHome,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

describe('an engine that is measured with `millrace bench`', () => {
  const home = makeHome();
  let platform: RunningPlatform;
  const little = ['--rounds', '2', '--concurrency', '1,3', '--prompt-words', '40', '--output-tokens', '12'];

  beforeAll(async () => {
    platform = await startPlatform({ home, env: { MILLRACE_DEMO: 'true' } });
    await readyReplica(platform, 'demo');
  }, 120_000);

  afterAll(async () => {
    await platform.stop();
    removeHome(home);
  });

  it('is told as its callers see it, and simulated as it was measured', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await millrace(platform, 'bench', 'demo', ...little);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [seen = '', , engine = ''] = stdout.split(/(For a scenario.*\n)/);
    expect(seen).toMatch(/^AT ONCE .*TOKENS\/s\n1 +2 +.*\n3 +6 +/);
    const path = join(home, 'measured.yaml');
    const workloads = '[{ kind: closed, clients: 3, prompt: { mean: 60 }, output: { mean: 12 } }]';
    writeFileSync(path, `name: measured\ndurationS: 20\n${engine}\nworkloads: ${workloads}\n`);
    const simulated = await millrace(platform, 'simulate', '-f', path, '--json');
    expect({ code: simulated.code, stderr: simulated.stderr }).toMatchObject({ code: 0 });
    expect(engine).toMatch(/stepMs: \d/);
    expect(simulated.stdout).toContain('"measured"');
  });

  it('is told by name when it is none', async () => {
    const { code, stderr } = await millrace(platform, 'bench', 'dem');
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('Did you mean') });
    const wrong = await millrace(platform, 'bench', 'demo', '--output-tokens', '1');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('from 2') });
  });
});
