import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mountSmallDisk } from '../conformance/small-disk.ts';
import { startPostgres } from '../conformance/postgres-server.ts';
import { endLeftovers } from '../e2e/cluster.ts';
import type { Json } from '../e2e/platform.ts';
import { createCast, type Cast } from './cast.ts';
import { check, type Violation } from './check.ts';
import { createFaults, type Fault } from './faults.ts';
import { createHistory, type History, type Remains } from './history.ts';
import { startClients, type Clients } from './workload.ts';

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Begins no further round after so long. */
  readonly secondsMax?: number;
  /** Hears what is done. */
  readonly say?: (line: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly rounds: number;
  /** How often each fault was inflicted. */
  readonly faults: Readonly<Record<string, number>>;
  readonly tasks: number;
  readonly writes: number;
  /** Of writes that watchers were told. */
  readonly watched: number;
  readonly answered: number;
  readonly refused: number;
  readonly longestGapMs: number;
  /** From the end of the last fault until every acknowledged task had ended and was told. */
  readonly recoveredMs: number;
  readonly violations: readonly Violation[];
}

const mebibyte = 1024 * 1024;
/** So small that it is soon filled, and what the tasks of a round leave behind for a day: else it is full for good. */
const diskBytes = { atFirst: 400 * mebibyte, ofRound: mebibyte } as const;
const recoverMaxMs = 60_000;
const betweenMaxMs = 300;

/** mulberry32: the same seed brings the same faults. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function allTasks(clients: Clients): Promise<ReadonlyMap<string, string>> {
  const tasks = new Map<string, string>();
  let before: string | undefined;
  for (;;) {
    const query: string = before === undefined ? '' : `&after=${before}`;
    const page = await clients.ask(`GET /v1/tasks?limit=1000${query}`);
    const data: readonly Json[] = page.data;
    for (const { task_id: id, status, ended_at: endedAt } of data)
      tasks.set(id, `${status} ${endedAt ?? ''}`);
    before = data.at(-1)?.task_id;
    if (page.has_more !== true) return tasks;
  }
}

async function auditOf(
  clients: Clients,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const audit = new Map<string, readonly number[]>();
  for (const key of keys) {
    const { entries } = await clients.ask(`GET /api/v1/audit?kind=Model&name=${key}&limit=1000`);
    const values: readonly number[] = entries.map((entry: Json) => Number(entry.after.description));
    audit.set(key, values.toReversed());
  }
  return audit;
}

function isQuiet(history: History, tasks: ReadonlyMap<string, string>): boolean {
  const told = new Set(history.deliveries.map(({ id }) => id));
  return history.acknowledged.every(
    ({ id }) => tasks.get(id)?.startsWith('succeeded') === true && told.has(id),
  );
}

/** Waits until everything that was acknowledged has come to its end, or for too long. */
async function settle(clients: Clients, history: History): Promise<Remains> {
  const untilMs = performance.now() + recoverMaxMs;
  let tasks = await allTasks(clients);
  while (!isQuiet(history, tasks) && performance.now() < untilMs) {
    await delay(200);
    tasks = await allTasks(clients);
  }
  const keys = [...new Set(history.writes.map(({ key }) => key))];
  return { tasks, audit: await auditOf(clients, keys) };
}

/** Where everything lies: a small disk of its own, if there can be one here. */
function openGround(rounds: number, say: (line: string) => void) {
  const disk = mountSmallDisk(diskBytes.atFirst + rounds * diskBytes.ofRound);
  if (!disk.ok) say(`No full disk: ${disk.reason}`);
  const path = disk.ok ? disk.path : mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  // PostgreSQL may run as another user.
  chmodSync(path, 0o755);
  return {
    path,
    disk: disk.ok ? path : undefined,
    clear: () => (disk.ok ? disk.remove() : rmSync(path, { recursive: true, force: true })),
  };
}

interface Round {
  readonly cast: Cast;
  readonly faults: readonly Fault[];
  readonly chance: () => number;
}

/** One fault after another: each once, in turn; then whichever. Answers how often each was inflicted. */
async function inflictAll(
  { cast, faults, chance }: Round,
  options: ChaosOptions,
): Promise<Record<string, number>> {
  const { rounds, secondsMax = Infinity, say } = options;
  const untilMs = performance.now() + secondsMax * 1000;
  const counts: Record<string, number> = {};
  for (let done = 0; done < rounds && performance.now() < untilMs; done += 1) {
    const fault = faults[done < faults.length ? done : Math.floor(chance() * faults.length)];
    if (fault === undefined) break;
    say?.(`${done + 1}: ${fault.name}`);
    await fault.inflict(cast, chance);
    counts[fault.name] = (counts[fault.name] ?? 0) + 1;
    await delay(chance() * betweenMaxMs);
  }
  return counts;
}

/** Uses the cluster while things fail, lets it recover, and holds what is left against what clients were told. */
async function live(round: Round, options: ChaosOptions): Promise<ChaosReport> {
  const { cast, chance } = round;
  const history = createHistory();
  const clients = await startClients(cast, history, chance);
  const faults = await inflictAll(round, options);
  const overMs = performance.now();
  for (const node of cast.parts.keys()) await cast.revive(node);
  await clients.stop();
  const remains = await settle(clients, history);
  return {
    seed: options.seed,
    rounds: Object.values(faults).reduce((sum, count) => sum + count, 0),
    faults,
    tasks: new Set(history.acknowledged.map(({ id }) => id)).size,
    writes: history.writes.length,
    watched: history.watched.length,
    answered: history.answered,
    refused: history.refused,
    longestGapMs: Math.round(history.longestGapMs),
    recoveredMs: Math.round(performance.now() - overMs),
    violations: check(history, remains),
  };
}

/** A cluster is used while its processes, its database, its disk and its clocks fail, one after another. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { rounds, seed, say = () => undefined } = options;
  const ground = openGround(rounds, say);
  const root = join(ground.path, 'cluster');
  const server = await startPostgres(['max_wal_size=64MB', 'min_wal_size=32MB'], ground.path);
  const cast = await createCast(root, server);
  try {
    return await live({ cast, faults: createFaults(ground.disk), chance: createChance(seed) }, options);
  } finally {
    await cast.killAll();
    endLeftovers(root);
    await server.stop();
    ground.clear();
  }
}
