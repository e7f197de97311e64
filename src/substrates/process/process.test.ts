import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchPlan, ReplicaExit, ReplicaHandle, Substrate } from '#contracts';
import { mayGiveWay, policyOf } from '../../../test/conformance/idle-time.ts';
import { substrateConformance } from '../../../test/conformance/substrate.ts';
import { systemClock } from '../../../test/conformance/system-clock.ts';
import { workerLife, workerPlan } from '../../../test/conformance/worker.ts';
import { quietLog } from '../../../test/world/quiet-log.ts';
import { isAlive } from './identity.ts';
import { createProcessSubstrate, type ProcessSubstrateDeps } from './index.ts';
import { createPlaces } from './places.ts';
import { writeRecord } from './records.ts';

const never = new AbortController().signal;

function identityOf({ identity }: ReplicaHandle) {
  return { pid: Number(identity['pid']), started: String(identity['started']) };
}

/** A folder for one test, and substrates over it; `close` ends whatever runs there. */
function createSite(extra: Partial<ProcessSubstrateDeps> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'process-'));
  const deps = {
    runDir: join(folder, 'run'),
    logDir: join(folder, 'logs'),
    clock: systemClock,
    log: quietLog,
  };
  const open = (): Substrate => createProcessSubstrate({ ...deps, ...extra });
  return {
    ...deps,
    folder,
    open,
    close: async () => {
      const substrate = open();
      for (const handle of await substrate.running()) await substrate.stop(handle, { graceMs: 0 });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function up(handle: ReplicaHandle): Promise<void> {
  return expect
    .poll(() => workerLife(handle.endpoint), { timeout: 20_000 })
    .toMatchObject({ ok: true, value: { state: 'ready' } });
}

for (const listenOn of ['unix', 'tcp'] as const) {
  substrateConformance(`process over ${listenOn}`, async () => {
    const site = createSite({ listenOn });
    const program = join(site.folder, 'worker.mjs');
    writeFileSync(program, smallWorker);
    return {
      open: site.open,
      plan: (manner) => ({ kind: 'process', entry: `file://${program}`, args: [manner], env: {} }),
      settled: up,
      kill: async (handle) => void process.kill(identityOf(handle).pid, 'SIGKILL'),
      isAlive: (handle) => isAlive(identityOf(handle)),
      impostor: (handle) => ({ ...handle, identity: { ...handle.identity, started: 'at another time' } }),
      close: site.close,
    };
  });
}

/** Starts faster than a real worker, which matters on two cores and dozens of starts. */
const smallWorker = `
import { createServer } from 'node:http';
import { rmSync } from 'node:fs';
const [manner, , listen] = process.argv.slice(2);
if (manner === 'stubborn') process.on('SIGTERM', () => undefined);
else process.on('SIGTERM', () => process.exit(0));
console.log('one'); console.log('two');
const life = JSON.stringify({ state: 'ready', progress: 0, active: 0, queued: 0 });
const server = createServer((_, response) => response.end(life));
const [kind, where] = [listen.slice(0, listen.indexOf(':')), listen.slice(listen.indexOf(':') + 1)];
if (kind === 'unix') rmSync(where, { force: true });
server.listen(kind === 'unix' ? { path: where } : { port: 0, host: '127.0.0.1' }, () => {
  const endpoint = kind === 'unix' ? listen : 'http://127.0.0.1:' + server.address().port;
  console.log(JSON.stringify({ event: 'worker-listening', endpoint }));
});
`;

const firstExit = (substrate: Substrate): Promise<ReplicaExit> =>
  new Promise((resolve) => {
    substrate.onExit(resolve);
  });

async function start(substrate: Substrate, plan: LaunchPlan, replica = 'demo-1'): Promise<ReplicaHandle> {
  const started = await substrate.start(replica, plan, never);
  if (!started.ok) throw new Error(started.problem.message);
  return started.value;
}

describe('the process substrate', () => {
  let site: ReturnType<typeof createSite>;
  beforeEach(() => {
    site = createSite();
  });
  afterEach(() => site.close());

  const program = (text: string): LaunchPlan => {
    const path = join(site.folder, 'program.mjs');
    writeFileSync(path, text);
    return { kind: 'process', entry: `file://${path}`, args: [], env: { OMP_NUM_THREADS: '1' } };
  };

  it('says by which signal a worker died, and what it last wrote', async () => {
    const substrate = site.open();
    const exit = firstExit(substrate);
    const handle = await start(substrate, workerPlan({ exitDuringLoadTimes: 0, crashAfterRequests: 1 }));
    await up(handle);
    expect(statSync(handle.endpoint.slice(5)).mode & 0o777).toBe(0o600);
    const { request } = await import('node:http');
    const socketPath = handle.endpoint.slice(5);
    request({ socketPath, path: '/v1/completions', method: 'POST' })
      .on('error', () => undefined)
      .end('{"prompt":"hello"}');
    expect((await exit).reason).toBe('killed by SIGSEGV; last line: SIGSEGV at request 1');
    expect(await substrate.running()).toEqual([]);
    expect(readdirSync(site.runDir)).toEqual([]);
  });

  it('says why a program could not run at all', async () => {
    const substrate = site.open();
    const exit = firstExit(substrate);
    const plan: LaunchPlan = {
      kind: 'process',
      entry: `file://${site.folder}/missing.mjs`,
      args: [],
      env: {},
    };
    const started = await substrate.start('demo-1', plan, never);
    const reason = started.ok ? (await exit).reason : started.problem.message;
    expect(reason).toContain('code 1');
    expect((await substrate.logs('demo-1', 50)).join('\n')).toContain('missing.mjs');
  });

  it('gives a worker what it needs of the environment, and nothing else', async () => {
    const substrate = createProcessSubstrate({ ...site, environment: { PATH: '/bin' } });
    const exit = firstExit(substrate);
    await start(
      substrate,
      program(
        'await new Promise((r) => setTimeout(r, 200)); console.log(Object.entries(process.env).sort().join(" "))',
      ),
    );
    expect((await exit).reason).toBe('exited with code 0; last line: OMP_NUM_THREADS,1 PATH,/bin');
  });

  it('lets one that gives way wait for idle time, but not for ever', async (context) => {
    if (!mayGiveWay()) context.skip('there is no chrt here, or it may not raise a priority');
    const hasty = {
      ...systemClock,
      setTimer: (ms: number, fire: () => void) => systemClock.setTimer(ms / 10, fire),
    };
    const environment = { PATH: process.env['PATH'] ?? '' };
    const substrate = createProcessSubstrate({ ...site, environment, clock: hasty });
    const plan = workerPlan({});
    const handle = await start(substrate, plan.kind === 'process' ? { ...plan, givesWay: true } : plan);
    const { pid } = identityOf(handle);
    expect(policyOf(pid)).toBe('5');
    await expect.poll(() => policyOf(pid), { timeout: 5000 }).toBe('0');
    await up(handle);
  });

  it('gives back the place of one whose platform ended before it could', async (context) => {
    if (!mayGiveWay()) context.skip('there is no chrt here, or it may not raise a priority');
    const patient = { ...systemClock, setTimer: () => () => undefined };
    const deps = { ...site, environment: { PATH: process.env['PATH'] ?? '' } };
    const plan = workerPlan({});
    const first = createProcessSubstrate({ ...deps, clock: patient });
    const handle = await start(first, plan.kind === 'process' ? { ...plan, givesWay: true } : plan);
    const { pid } = identityOf(handle);
    expect(policyOf(pid)).toBe('5');
    expect(await createProcessSubstrate(deps).adopt(handle)).toBe(true);
    expect(policyOf(pid)).toBe('0');
    await up(handle);
  });

  it('keeps the log of a chatty worker small, and still shows its end', async () => {
    const substrate = site.open();
    const chatty = createProcessSubstrate({ ...site, logBytesMax: 20_000 });
    const handle = await start(
      chatty,
      program('let n = 0; setInterval(() => console.log(String(++n).padEnd(99)), 1)'),
    );
    const log = join(site.logDir, 'demo-1.replica.log');
    await expect.poll(() => existsSync(`${log}.1`), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => statSync(`${log}.1`).size).toBe(10_000);
    await expect.poll(() => statSync(log).size, { interval: 5 }).toBeLessThan(20_000);
    const numbers = (await substrate.logs('demo-1', 5)).map(Number);
    // A line written between the copy and the cut may be lost; none is doubled, torn or out of order.
    expect(numbers).toHaveLength(5);
    for (const [at, number] of numbers.entries()) expect(number).toBeGreaterThan(numbers[at - 1] ?? 0);
    await chatty.stop(handle, { graceMs: 0 });
  });

  it('finds a worker whose pid there was no time to note', async () => {
    const substrate = site.open();
    const handle = await start(substrate, workerPlan({}));
    const { record } = createPlaces(site)('demo-1');
    await writeRecord(record, { replica: 'demo-1', listen: handle.endpoint });
    expect(await site.open().running()).toEqual([handle]);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject(handle.identity);
  });

  it('clears away the notes and sockets of the dead', async () => {
    const handle = await start(site.open(), workerPlan({}));
    await up(handle);
    process.kill(identityOf(handle).pid, 'SIGKILL');
    await expect.poll(() => site.open().running()).toEqual([]);
    expect(readdirSync(site.runDir)).toEqual([]);
  });

  it('keeps socket paths short however long the path of the home is', async () => {
    const runDir = join(site.folder, 'a-folder-with-a-long-name'.repeat(5), 'run');
    const substrate = createProcessSubstrate({ ...site, runDir });
    const handle = await start(substrate, workerPlan({}));
    expect(Buffer.byteLength(handle.endpoint.slice(5))).toBeLessThanOrEqual(103);
    await up(handle);
    await substrate.stop(handle, { graceMs: 0 });
    rmSync(dirname(handle.endpoint.slice(5)), { recursive: true });
  });

  it('leaves workers alive when the platform is killed, and takes them over afterwards', async () => {
    const platform = join(site.folder, 'platform.mts');
    const [folder, plan] = [site.folder, workerPlan({})];
    writeFileSync(
      platform,
      `import { createProcessSubstrate } from '${join(import.meta.dirname, 'index.ts')}';
      import { systemClock } from '${join(import.meta.dirname, '../../../test/conformance/system-clock.ts')}';
      const quiet = { debug() {}, info() {}, warn() {}, error() {} };
      const substrate = createProcessSubstrate({ runDir: '${folder}/run', logDir: '${folder}/logs', clock: systemClock, log: quiet });
      const started = await substrate.start('demo-1', ${JSON.stringify(plan)}, new AbortController().signal);
      process.stdout.write(JSON.stringify(started.value));
      setInterval(() => undefined, 1000);`,
    );
    const tsx = import.meta.resolve('tsx');
    const child = spawn(process.execPath, ['--import', tsx, '--conditions=source', platform], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const handle = await new Promise<ReplicaHandle>((resolve) => {
      child.stdout.once('data', (bytes: Buffer) => resolve(JSON.parse(bytes.toString())));
    });
    await up(handle);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;

    const substrate = site.open();
    expect(await substrate.running()).toEqual([handle]);
    expect(await substrate.adopt(handle)).toBe(true);
    await up(handle);
    const exit = firstExit(substrate);
    process.kill(identityOf(handle).pid, 'SIGKILL');
    expect(await exit).toMatchObject({
      replica: 'demo-1',
      reason: expect.stringContaining('worker-listening'),
    });
  });
});
