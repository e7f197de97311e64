import type { History, Remains } from './history.ts';

/** A promise that was broken. */
export interface Violation {
  readonly kind: 'lost' | 'twice' | 'stuck' | 'changed-end' | 'untold' | 'disorder' | 'refused';
  readonly what: string;
}

const unfinished = ['queued', 'leased', 'running'];

function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** Every acknowledged task is there and has succeeded; one key is one task. */
function checkTasks({ acknowledged }: History, { tasks }: Remains): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [key, answers] of grouped(acknowledged, (one) => one.key)) {
    const ids = distinct(answers.map(({ id }) => id));
    if (ids.length > 1) violations.push({ kind: 'twice', what: `${key} became ${ids.join(' and ')}` });
    for (const id of ids) {
      const state = tasks.get(id)?.split(' ')[0];
      if (state === undefined) violations.push({ kind: 'lost', what: `${key} (${id})` });
      else if (unfinished.includes(state)) violations.push({ kind: 'stuck', what: `${id} is ${state}` });
      else if (state !== 'succeeded') violations.push({ kind: 'lost', what: `${id} is ${state}` });
    }
  }
  // A lost answer may have left a task that nobody knows; two for what was handed in once would be one too many.
  const known = new Set(acknowledged.map(({ key }) => key)).size;
  if (tasks.size > known) violations.push({ kind: 'twice', what: `${tasks.size} tasks for ${known} keys` });
  return violations;
}

/** An end is written once: whoever looks at it again sees the same. */
function checkEnds({ ends }: History, { tasks }: Remains): readonly Violation[] {
  return [...grouped(ends, ({ id }) => id)].flatMap(([id, seen]): Violation[] => {
    const told = distinct([...seen.map(({ end }) => end), tasks.get(id) ?? 'gone']);
    return told.length > 1 ? [{ kind: 'changed-end', what: `${id}: ${told.join(', then ')}` }] : [];
  });
}

/** Every end is told, any number of times, but always as the same delivery. */
function checkDeliveries({ acknowledged, deliveries }: History): readonly Violation[] {
  const told = grouped(deliveries, ({ id }) => id);
  const twice = [...told].flatMap(([id, seen]): Violation[] => {
    const kinds = distinct(seen.map(({ delivery, type }) => `${delivery} ${type}`));
    return kinds.length > 1 ? [{ kind: 'twice', what: `${id} was told as ${kinds.join(' and ')}` }] : [];
  });
  const untold = distinct(acknowledged.map(({ id }) => id)).filter((id) => !told.has(id));
  return [...twice, ...untold.map((id): Violation => ({ kind: 'untold', what: id }))];
}

/** Acknowledged writes of a key are in the audit log, in their order, each once. */
function checkOrder({ writes }: History, { audit }: Remains): readonly Violation[] {
  return [...grouped(writes, ({ key }) => key)].flatMap(([key, acknowledged]): Violation[] => {
    const logged = audit.get(key) ?? [];
    const violations: Violation[] = [];
    for (const [at, value] of logged.entries())
      if (at > 0 && value !== (logged[at - 1] ?? 0) + 1)
        violations.push({ kind: 'disorder', what: `${key}: ${value} after ${logged[at - 1]}` });
    // Of a long run the log is read from some write on.
    const kept = new Set(logged);
    for (const { value } of acknowledged)
      if (!kept.has(value) && value >= (logged[0] ?? 0))
        violations.push({ kind: 'lost', what: `${key}: the write of ${value}` });
    return violations;
  });
}

/** Whoever watches is told every write of a key, in order, each once, for as long as the connection holds. */
function checkWatched({ watched }: History): readonly Violation[] {
  const told = grouped(watched, ({ connection, key }) => `${key} on connection ${connection}`);
  return [...told].flatMap(([what, seen]) =>
    seen.flatMap(({ value }, at): Violation[] => {
      const before = seen[at - 1]?.value ?? value - 1;
      return value === before + 1 ? [] : [{ kind: 'disorder', what: `${what}: ${value} after ${before}` }];
    }),
  );
}

/** Holds what clients were told against what became of it. */
export function check(history: History, remains: Remains): readonly Violation[] {
  return [
    ...checkTasks(history, remains),
    ...checkEnds(history, remains),
    ...checkDeliveries(history),
    ...checkOrder(history, remains),
    ...checkWatched(history),
    ...history.unexpected.map((what): Violation => ({ kind: 'refused', what })),
  ];
}
