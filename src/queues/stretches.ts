import { taskIdFrom } from '#schema';
import type { TaskCount, TaskQuery } from '#contracts';

/** Tasks of one tenant, model and state: they lie side by side in the index for lists, by id. */
export type Stretch = Pick<TaskCount, 'tenant' | 'model' | 'state'>;

/** With more of them than this, the newest tasks are looked through instead: every so manieth will fit. */
const stretchesMax = 200;

/** Stretches that hold everything asked for, as the counts tell; undefined where all tasks are as good. */
export function stretchesOf(query: TaskQuery, counts: readonly TaskCount[]): readonly Stretch[] | undefined {
  const { lane, tenant, model, state } = query;
  if (tenant === undefined && model === undefined && state === undefined) return undefined;
  const found = counts.filter(
    (one) =>
      one.lane === lane &&
      (tenant ?? one.tenant) === one.tenant &&
      (model ?? one.model) === one.model &&
      (state ?? one.state) === one.state,
  );
  return found.length > stretchesMax ? undefined : found;
}

/** An id may be older than its task by this: lines of a batch have the time of the batch in theirs. */
const idsAheadMs = 8 * 24 * 3_600_000;

export type Condition = readonly [condition: string, value: string | number];

/** Conditions on ids and times, with a place for the value behind each. */
export function rangeOf({ before, fromMs, untilMs }: TaskQuery): readonly Condition[] {
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['id <', before],
    // Ids sort by time: what is too new or much too old is not even looked at.
    ['id >=', fromMs === undefined ? undefined : taskIdFrom(fromMs - idsAheadMs)],
    ['id <', untilMs === undefined ? undefined : taskIdFrom(untilMs)],
    ['created_ms >=', fromMs],
    ['created_ms <', untilMs],
  ];
  return conditions.flatMap(([condition, value]) =>
    value === undefined ? [] : [[condition, value] as const],
  );
}

/** Conditions on everything else. */
export function traitsOf({ lane, tenant, model, state }: TaskQuery): readonly Condition[] {
  const conditions: readonly (readonly [string, string | undefined])[] = [
    ['lane =', lane],
    ['tenant =', tenant],
    ['model =', model],
    ['state =', state],
  ];
  return conditions.flatMap(([condition, value]) =>
    value === undefined ? [] : [[condition, value] as const],
  );
}
