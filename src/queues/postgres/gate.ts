import { z } from 'zod';
import type { Asking, Query, Server } from '#postgres';
import type { ClaimWanted, TaskLimits } from '#contracts';
import type { Task } from '#schema';
import { allColumns, fromRow } from '../task-row.ts';

export interface GateDeps {
  readonly server: Server;
  readonly limits: TaskLimits;
  readonly nowMs: () => number;
  /** Hears of every task that has become ready. */
  readonly touched: (tasks: readonly Task[]) => void;
}

export interface Gate {
  /** Of tasks that were just claimed, those that may run; the others are parked. */
  admit(tasks: readonly Task[]): Promise<readonly Task[]>;
  /**
   * Tasks of these tenants have ended: lets as many of their parked ones be claimed again, as far as they may run. Not
   * more: what was let out before still waits for a worker, and would only be parked again.
   */
  release(tenants: readonly string[]): Promise<void>;
  /** The same of everybody; about every second. */
  tend(): Promise<void>;
  /** Claims go on while what they met was parked, so often at most. */
  readonly claimsMax: number;
}

const lane: ClaimWanted['lane'] = 'request';
const releaseMax = 50;
const tendEachMs = 1000;

const workingRows = z.array(z.object({ tenant: z.string(), working: z.coerce.number() }));

async function workingOf(ask: Asking, tenants: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await ask({
    name: 'tasks-working',
    text: `SELECT tenant, sum(count) AS working FROM task_counts
      WHERE lane = $1 AND tenant = ANY($2::text[]) AND state IN ('leased', 'running') GROUP BY tenant`,
    values: [lane, tenants],
  });
  return new Map(workingRows.parse(rows).map(({ tenant, working }) => [tenant, working]));
}

/** Who counts what a tenant has running does it alone: two workers would each see the other's claims as too many. */
async function lockTenants(ask: Asking, tenants: readonly string[]): Promise<void> {
  for (const tenant of tenants.toSorted())
    await ask({ text: 'SELECT pg_advisory_xact_lock(hashtext($1))', values: [`millrace tasks ${tenant}`] });
}

/** Puts claims back, unless something else has become of them by now. */
function parkTasks(tasks: readonly Task[]): Query {
  return {
    name: 'tasks-park',
    text: `UPDATE tasks SET state = 'queued', ready = 2, attempt = tasks.attempt - 1, worker = NULL, lease_ms = NULL,
        wake_ms = expires_ms
      FROM unnest($1::text[], $2::float8[], $3::text[]) AS given (id, token, worker)
      WHERE tasks.id = given.id AND tasks.token = given.token AND tasks.worker = given.worker AND tasks.state = 'leased'`,
    values: [tasks.map(({ id }) => id), tasks.map(({ token }) => token), tasks.map(({ worker }) => worker)],
  };
}

async function unpark(ask: Asking, tenant: string, count: number): Promise<readonly Task[]> {
  const rows = await ask({
    name: 'tasks-unpark',
    text: `UPDATE tasks SET ready = 1 FROM (
        SELECT id FROM tasks WHERE ready = 2 AND lane = $1 AND tenant = $2
        ORDER BY band, rank, id LIMIT $3 FOR UPDATE SKIP LOCKED
      ) first WHERE tasks.id = first.id RETURNING ${allColumns.map((column) => `tasks.${column}`).join(', ')}`,
    values: [lane, tenant, count],
  });
  return rows.map(fromRow);
}

/** Tenants that have something parked and no limit any more. */
async function freed(ask: Asking, limited: readonly string[]): Promise<readonly string[]> {
  const rows = await ask({
    name: 'tasks-freed',
    text: 'SELECT DISTINCT tenant FROM tasks WHERE ready = 2 AND lane = $1 AND tenant <> ALL($2::text[]) LIMIT 100',
    values: [lane, limited],
  });
  return z
    .array(z.object({ tenant: z.string() }))
    .parse(rows)
    .map(({ tenant }) => tenant);
}

/** Keeps tenants to the number of tasks that they may have running, over all processes. */
export function createGate({ server, limits, nowMs, touched }: GateDeps): Gate {
  let tendAtMs = Number.NEGATIVE_INFINITY;
  const isLimited = ({ lane: where, tenant }: Task): boolean =>
    where === lane && limits.runningMaxOf(tenant) !== undefined;

  async function release(most: ReadonlyMap<string, number>): Promise<void> {
    if (most.size === 0) return;
    const working = await workingOf(server.ask, [...most.keys()]);
    for (const [tenant, count] of most) {
      const room = (limits.runningMaxOf(tenant) ?? Infinity) - (working.get(tenant) ?? 0);
      if (room > 0) touched(await unpark(server.ask, tenant, Math.min(room, count)));
    }
  }

  return {
    claimsMax: 10,
    async admit(tasks) {
      const limited = tasks.filter(isLimited);
      if (limited.length === 0) return tasks;
      const tenants = [...new Set(limited.map(({ tenant }) => tenant))];
      const over = await server.atomically(async (ask) => {
        await lockTenants(ask, tenants);
        const working = await workingOf(ask, tenants);
        const tooMany = tenants.flatMap((tenant) => {
          const excess = (working.get(tenant) ?? 0) - (limits.runningMaxOf(tenant) ?? Infinity);
          const mine = limited.filter((task) => task.tenant === tenant);
          return excess > 0 ? mine.slice(-excess) : [];
        });
        if (tooMany.length > 0) await ask(parkTasks(tooMany));
        return new Set(tooMany);
      });
      return tasks.filter((task) => !over.has(task));
    },
    async release(tenants) {
      const limited = new Set(limits.limited());
      const ended = new Map<string, number>();
      for (const tenant of tenants) if (limited.has(tenant)) ended.set(tenant, (ended.get(tenant) ?? 0) + 1);
      await release(ended);
    },
    async tend() {
      const now = nowMs();
      if (now - tendAtMs < tendEachMs && now >= tendAtMs) return;
      tendAtMs = now;
      const limited = limits.limited();
      const tenants = [...limited, ...(await freed(server.ask, limited))];
      await release(new Map(tenants.map((tenant) => [tenant, releaseMax])));
    },
  };
}
