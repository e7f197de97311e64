import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cacheFolder } from '../harness/cache.ts';
import { startBullmq } from './bullmq.ts';
import type { Contender } from './contender.ts';

/** Named once: they are no dependencies of ours. */
const packages = { boss: 'pg-boss', graphile: 'graphile-worker' };
const dependencies = {
  'pg-boss': '10.4.2',
  'graphile-worker': '0.16.6',
  bullmq: '6.7.0',
  ioredis: '5.8.2',
};
const payload = { model: 'demo', messages: [{ role: 'user', content: 'x'.repeat(300) }] };

/** Installs the peers beside the bench, once; undefined where that does not work. */
function loadPeers(): NodeJS.Require | undefined {
  const folder = cacheFolder('queues');
  writeFileSync(`${folder}/package.json`, JSON.stringify({ private: true, dependencies }));
  if (Object.keys(dependencies).some((name) => !existsSync(`${folder}/node_modules/${name}`))) {
    console.log('Installing pg-boss, graphile-worker and BullMQ for comparison …');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    });
    if (status !== 0) return undefined;
  }
  return createRequire(`${folder}/package.json`);
}

async function startBoss(require: NodeJS.Require, url: string): Promise<Contender> {
  const Boss = require(packages.boss);
  const boss = new Boss({ connectionString: url, schema: 'boss', max: 10 });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue('bench');
  await boss.createQueue('marked');
  return {
    name: 'pg-boss',
    async submit() {
      await boss.send('bench', payload);
    },
    async submitMany(count) {
      await boss.insert(Array.from({ length: count }, () => ({ name: 'bench', data: payload })));
    },
    async drain() {
      let done = 0;
      for (;;) {
        const jobs: { id: string }[] = await boss.fetch('bench', { batchSize: 200 });
        if (jobs.length === 0) return done;
        await boss.complete(
          'bench',
          jobs.map(({ id }) => id),
        );
        done += jobs.length;
      }
    },
    async work(started) {
      await boss.work(
        'marked',
        { pollingIntervalSeconds: 0.5 },
        async (jobs: { data: { mark: string } }[]) => {
          for (const { data } of jobs) started(data.mark);
        },
      );
    },
    async submitMarked(mark) {
      await boss.send('marked', { mark });
    },
    stop: () => boss.stop({ graceful: false, wait: true }),
  };
}

async function startGraphile(require: NodeJS.Require, url: string): Promise<Contender> {
  const { run, makeWorkerUtils, Logger } = require(packages.graphile);
  const logger = new Logger(() => () => undefined);
  const options = { connectionString: url, schema: 'graphile', logger, maxPoolSize: 10 };
  const utils = await makeWorkerUtils(options);
  await utils.migrate();
  let done = 0;
  let lastMs = performance.now();
  const runners: { stop(): Promise<void> }[] = [];
  const start = async (taskList: object, concurrentJobs: number): Promise<void> => {
    runners.push(
      await run({
        ...options,
        concurrency: concurrentJobs,
        pollInterval: 1000,
        noHandleSignals: true,
        taskList,
      }),
    );
  };
  return {
    name: 'graphile-worker',
    async submit() {
      await utils.addJob('bench', payload);
    },
    async submitMany(count) {
      const specs = Array.from({ length: count }, () => ({ identifier: 'bench', payload }));
      await utils.withPgClient((client: { query(text: string, values: unknown[]): Promise<void> }) =>
        client.query(
          'SELECT 1 FROM graphile.add_jobs(ARRAY(SELECT json_populate_recordset(NULL::graphile.job_spec, $1::json)))',
          [JSON.stringify(specs)],
        ),
      );
    },
    async drain() {
      done = 0;
      lastMs = performance.now();
      const bench = async (): Promise<void> => {
        done += 1;
        lastMs = performance.now();
      };
      await start({ bench }, 24);
      while (performance.now() - lastMs < 1500) await new Promise((resolve) => setTimeout(resolve, 5));
      await runners.pop()?.stop();
      return done;
    },
    async work(started) {
      await start({ marked: async (data: { mark: string }) => started(data.mark) }, 4);
    },
    async submitMarked(mark) {
      await utils.addJob('marked', { mark });
    },
    async stop() {
      for (const runner of runners) await runner.stop();
      await utils.release();
    },
  };
}

/** The peers that can be had here. */
export async function startPeers(url: string): Promise<readonly Contender[]> {
  const require = loadPeers();
  if (require === undefined) {
    console.log('The peers are left out: they cannot be installed.');
    return [];
  }
  const bullmq = await startBullmq(require);
  if (bullmq === undefined) console.log('BullMQ is left out: there is no redis-server.');
  return [
    await startBoss(require, url),
    await startGraphile(require, url),
    ...(bullmq === undefined ? [] : [bullmq]),
  ];
}
