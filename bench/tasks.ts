/**
 * Durable tasks: submissions, claims and time to start, in SQLite and PostgreSQL, beside pg-boss and graphile-worker
 * on the same server and BullMQ on Redis in the same run, and pages of lists. Everything is on disk when it is answered (fsync is on).
 *
 *     npm run bench:tasks -- [--seconds 3] [--callers 64] [--batch 500] [--starts 200] [--aged 100000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTaskTurns } from '#dispatch';
import { createPostgresQueue, createSqliteQueue } from '#queues';
import { noPostgres, startPostgres } from '../test/conformance/postgres-server.ts';
import { cacheFolder } from './harness/cache.ts';
import { askForPriority } from './harness/process.ts';
import { printResult, printTable } from './harness/result.ts';
import { aging } from './tasks/aging.ts';
import { listing, type Listing } from './tasks/listing.ts';
import type { Contender } from './tasks/contender.ts';
import { measure, type Figures } from './tasks/measure.ts';
import { millraceOver } from './tasks/millrace.ts';
import { startPeers } from './tasks/peers.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '64' },
    batch: { type: 'string', default: '500' },
    starts: { type: 'string', default: '200' },
    aged: { type: 'string', default: '100000' },
  },
});
const amounts = {
  seconds: Number(options.seconds),
  callers: Number(options.callers),
  batch: Number(options.batch),
  starts: Number(options.starts),
};
const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
const folder = mkdtempSync(join(cacheFolder('tasks'), 'run-'));
const figures = new Map<string, Figures>();

async function take(contender: Contender): Promise<void> {
  figures.set(contender.name, await measure(contender, amounts));
  await contender.stop();
  console.log(`${contender.name} done`);
}

askForPriority();
const sqlite = await createSqliteQueue({ path: join(folder, 'tasks.db'), clock, turns: createTaskTurns() });
await take(millraceOver('millrace, SQLite', { gateway: sqlite, worker: sqlite }));

let agedRatio: number | undefined;
let pages: Listing | undefined;
if (noPostgres === undefined) {
  const server = await startPostgres(['shared_buffers=256MB', 'max_wal_size=2GB']);
  const { url } = server;
  const open = (origin: string) => createPostgresQueue({ url, clock, turns: createTaskTurns(), origin });
  await take(
    millraceOver('millrace, PostgreSQL', { gateway: await open('gateway'), worker: await open('worker') }),
  );
  for (const peer of await startPeers(url)) await take(peer);
  if (Number(options.aged) > 0) {
    const queue = await createPostgresQueue({
      url,
      clock,
      turns: createTaskTurns(),
      schema: 'aged',
      origin: 'aged',
    });
    agedRatio = await aging(queue, url, Number(options.aged));
    pages = await listing(queue, url, 'aged');
    await queue.close();
  }
  await server.stop();
} else console.log(`PostgreSQL is left out: ${noPostgres}.`);
rmSync(folder, { recursive: true, force: true });

const whole = (value: number): string => value.toFixed(0);
const ms = (value: number): string => value.toFixed(1);
printTable([
  ['', 'single/s', `${amounts.batch} at once/s`, 'claimed and done/s', 'start ms p50', 'p99'],
  ...[...figures].map(([name, one]) => [
    name,
    whole(one.singlePerS),
    whole(one.batchPerS),
    whole(one.claimsPerS),
    ms(one.startMsP50),
    ms(one.startMsP99),
  ]),
]);
console.log(
  `\n${amounts.callers} callers submit one at a time; batches of ${amounts.batch} from 2 callers; claims of 200; starts one by one on an idle queue, submitted and claimed over different connections.`,
);
const pg = figures.get('millrace, PostgreSQL');
const lite = figures.get('millrace, SQLite');
const boss = figures.get('pg-boss');
const graphile = figures.get('graphile-worker');
const bull = figures.get('BullMQ');
printResult({
  pg_single_per_s: pg?.singlePerS,
  pg_batch_per_s: pg?.batchPerS,
  pg_claims_per_s: pg?.claimsPerS,
  start_ms_p50: pg?.startMsP50,
  start_ms_p99: pg?.startMsP99,
  pg_aged_ratio: agedRatio,
  sqlite_single_per_s: lite?.singlePerS,
  sqlite_batch_per_s: lite?.batchPerS,
  sqlite_claims_per_s: lite?.claimsPerS,
  sqlite_start_ms_p99: lite?.startMsP99,
  pgboss_single_per_s: boss?.singlePerS,
  pgboss_batch_per_s: boss?.batchPerS,
  pgboss_claims_per_s: boss?.claimsPerS,
  pgboss_start_ms_p99: boss?.startMsP99,
  graphile_single_per_s: graphile?.singlePerS,
  graphile_batch_per_s: graphile?.batchPerS,
  graphile_claims_per_s: graphile?.claimsPerS,
  graphile_start_ms_p99: graphile?.startMsP99,
  bullmq_single_per_s: bull?.singlePerS,
  bullmq_batch_per_s: bull?.batchPerS,
  bullmq_claims_per_s: bull?.claimsPerS,
  bullmq_start_ms_p99: bull?.startMsP99,
  list_ms_max: pages?.listMsMax,
  count_ms: pages?.countMs,
});
