import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-simulate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

writeFileSync(join(folder, 'trace.csv'), 't_s,input_tokens,output_tokens\n0,100,10\n1,100,10\n2,100,10\n');
const scenario = join(folder, 'trace.yaml');
writeFileSync(scenario, 'name: trace\ndurationS: 10\nworkloads:\n  - { kind: file, path: trace.csv }\n');

describe('millrace simulate', () => {
  test('reports a scenario, whose files lie beside it, and writes page and log', async () => {
    const [html, log] = [join(folder, 'page.html'), join(folder, 'log.jsonl')];
    const told = await run(['simulate', '-f', scenario, '--html', html, '--log', log]);
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/requests +3\n/);
    expect(told.out).toMatch(/in time +100 %/);
    expect(readFileSync(html, 'utf8')).toContain('<svg');
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({ us: 0, kind: 'send', request: 1, replica: 'sim-1' });
    expect(lines).toHaveLength(3);
  });

  test('sweeps and seeds give a column for each value, with intervals', async () => {
    const told = await run(['simulate', '-f', scenario, '--sweep', 'replicas.min=1,2', '--seeds', '2']);
    expect(told.code).toBe(0);
    expect(told.out).toContain('replicas.min=1   replicas.min=2');
    expect(told.out).toMatch(/attained +1 ± 0 +1 ± 0/);
  });

  test('scenarios of one name are told apart by their files', async () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, readFileSync(scenario, 'utf8').replace('durationS: 10', 'durationS: 20'));
    const told = await run(['simulate', '-f', scenario, '--compare', other, '--json']);
    expect(JSON.parse(told.out)).toMatchObject([{ name: scenario }, { name: other }]);
  });

  test('with --json everything is told as data', async () => {
    const told = await run(['simulate', '-f', scenario, '--compare', scenario, '--json']);
    expect(JSON.parse(told.out)).toMatchObject([
      { name: 'trace', runs: [{ seed: 1, summary: { requests: 3, answered: 3, attained: 1 } }] },
      { name: 'trace' },
    ]);
  });

  test('says that nobody came, and when the first would have, instead of all being well', async () => {
    const text = 'name: far\ndurationS: 10\nworkloads:\n  - { kind: file, path: far.csv }\n';
    writeFileSync(join(folder, 'far.csv'), 't_s,input_tokens\n2000000,1\n');
    writeFileSync(join(folder, 'far.yaml'), text);
    const told = await run(['simulate', '-f', join(folder, 'far.yaml')]);
    expect(told.out).toMatch(/in time +nobody came\n/);
    expect(told.err).toMatch(/nobody came between second 0 and 10 .*next would come at second 2000000/);
    const { out } = await run(['simulate', '-f', join(folder, 'far.yaml'), '--json']);
    expect(JSON.parse(out)).toMatchObject([{ runs: [{ summary: { requests: 0, attained: null } }] }]);
  });

  test('the page of before is there until a new one is', async () => {
    const html = join(folder, 'kept.html');
    writeFileSync(html, 'kept');
    const bad = 'name: bad\ndurationS: 10\nworkloads:\n  - { kind: file, path: none.csv }\n';
    writeFileSync(join(folder, 'bad.yaml'), bad);
    const kept = await run(['simulate', '-f', join(folder, 'bad.yaml'), '--html', html]);
    expect(kept.code).toBe(1);
    expect(readFileSync(html, 'utf8')).toBe('kept');
    const fresh = join(folder, 'fresh.html');
    await run(['simulate', '-f', join(folder, 'bad.yaml'), '--html', fresh]);
    expect(existsSync(fresh)).toBe(false);
  });

  test.each([
    [['--replay', join(folder, 'nothing.jsonl')], /^Cannot read .*ENOENT/],
    [['--replay', folder], /^Cannot read .*EISDIR/],
    [['--replay', scenario], /Line 1 of the recording/],
    [['--replay', scenario, '-f', scenario], /not both/],
    [['--replay', scenario, '--html', 'x', '--seeds', '2'], /--replay goes without --html, --seeds/],
  ])('%j is refused as wrong usage', async (args, why) => {
    const told = await run(['simulate', ...args]);
    expect([told.code, told.out]).toEqual([2, '']);
    expect(told.err).toMatch(why);
  });

  test.each([
    ['trace.yaml', ['--seeds', '1001'], /1000 at most/],
    ['nothing.yaml', [], /Cannot read/],
    ['wrong.yaml', [], /durationS/],
    ['trace.yaml', ['--sweep', 'replicas.min'], /replicas.min=2,4,8/],
    ['trace.yaml', ['--sweep', 'replicas.mni=2'], /did you mean/i],
    ['trace.yaml', ['--sweep', 'workloads.1.scale=2'], /number 1 of a list of 1/],
    [
      'trace.yaml',
      ['--sweep', 'workloads.0.ratePerS=2'],
      /"workloads\[0\].ratePerS".*"file" does not use it/,
    ],
    ['trace.yaml', ['--sweep', 'workloads.0.cv=2'], /"workloads\[0\].cv".*"file" does not use it/],
    ['rateless.yaml', [], /"workloads\[0\].ratePerS".*"poisson" needs it/],
    ['trace.yaml', ['--sweep', 'workloads.0.kind=closed'], /"workloads\[0\].path".*"closed" does not use it/],
    ['trace.yaml', ['--sweep', 'engine.stepMs=0', 'engine.sequenceMs=0'], /"engine.stepMs".*cost something/],
    [
      'trace.yaml',
      ['--sweep', 'engine.hardware.gpu=l4', 'engine.hardware.model=qwen3-32b'],
      /"engine.hardware.gpus".*qwen3-32b in bf16 take 66 GB, 1 × l4 have 21 GB/,
    ],
    ['trace.yaml', ['--sweep', 'scaling.policy=band', 'scaling.downAt=2'], /"scaling.downAt".*smaller/],
    ['trace.yaml', ['--sweep', 'replicas.max=0'], /replicas.max/],
    ['few.yaml', [], /replicas.max.*min/],
    ['warm.yaml', [], /warmupS.*durationS/],
    ['trace.yaml', ['--log', join(folder, 'no', 'x')], /Cannot write/],
    ['trace.yaml', ['--html', join(folder, 'no', 'x')], /Cannot write/],
    ['trace.yaml', ['--seeds', '2', '--log', join(folder, 'x')], /of one run/],
  ])('%s with %j is refused as wrong usage', async (file, more, why) => {
    writeFileSync(join(folder, 'wrong.yaml'), 'name: wrong\nworkloads: [{kind: poisson}]\n');
    const few = 'name: few\ndurationS: 9\nreplicas: {min: 5, max: 2}\nworkloads: [{kind: closed}]\n';
    writeFileSync(join(folder, 'few.yaml'), few);
    const rateless = 'name: rateless\ndurationS: 9\nworkloads: [{kind: poisson}]\n';
    writeFileSync(join(folder, 'rateless.yaml'), rateless);
    writeFileSync(join(folder, 'warm.yaml'), few.replace('replicas: {min: 5, max: 2}', 'warmupS: 9'));
    const told = await run(['simulate', '-f', join(folder, file), ...more]);
    expect(told.code).toBe(2);
    expect(told.err).toMatch(why);
    expect(told.err).not.toMatch(/simulating/);
  });
});
