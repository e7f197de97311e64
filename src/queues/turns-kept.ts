import { z } from 'zod';
import { priorities, taskLanes } from '#schema';
import type { Turns } from '#contracts';

/** The first and the last turn of every tenant that has something waiting: SQL that every database here understands. */
export const keptTurns =
  'SELECT lane, band, tenant, min(rank) AS first, max(rank) AS last FROM tasks WHERE ready = 1 GROUP BY lane, band, tenant';

const rowsShape = z.array(
  z.object({
    lane: z.enum(taskLanes),
    band: z.coerce.number(),
    tenant: z.string(),
    first: z.coerce.number(),
    last: z.coerce.number(),
  }),
);

/** A usual stride: what the last of a tenant cost is not read for this. */
const stride = 1;

/** Goes on where the tasks that wait are: a process that has just begun gives no turn before theirs. */
export function restoreTurns(turns: Turns, rows: readonly unknown[]): void {
  const firsts = new Map<
    string,
    { readonly lane: (typeof taskLanes)[number]; readonly band: number; first: number }
  >();
  for (const { lane, band, tenant, first, last } of rowsShape.parse(rows)) {
    turns.learn({ lane, priority: priorities[band] ?? 'standard', tenant }, last + stride);
    const line = firsts.get(`${lane} ${band}`) ?? { lane, band, first };
    line.first = Math.min(line.first, first);
    firsts.set(`${lane} ${band}`, line);
  }
  for (const { lane, band, first } of firsts.values())
    turns.reached({ lane, priority: priorities[band] ?? 'standard', rank: first });
}
