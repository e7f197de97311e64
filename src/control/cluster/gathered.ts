import { byGate, countedGates, valueGates, type CountedFacts, type PresenceFacts } from '#schema';
import type { Evidence, LoadReading, Loads, VersionDoings } from '#contracts';
import type { Member } from './membership.ts';

/** What all gateways have counted, as if it were one. */
export interface Gathered {
  hear(members: readonly Member[]): void;
  readonly loads: Loads;
  readonly evidence: Evidence;
}

/** Numbers that only grow, by name; lists of buckets are spread over names. */
type Counts = Readonly<Record<string, number>>;

const growing = ['arrivedWorkMs', 'takenMs', 'begun', 'firstByteMs', 'due', 'late'] as const;

function countsOfLoad(reading: LoadReading): Counts {
  return Object.fromEntries(growing.map((name) => [name, reading[name]]));
}

function countsOfDoings({ counts, values, alike }: VersionDoings): Counts {
  const flat: Record<string, number> = { ...alike };
  for (const [gate, { requests, bad }] of Object.entries(counts)) {
    flat[`${gate}.requests`] = requests;
    flat[`${gate}.bad`] = bad;
  }
  for (const [gate, buckets] of Object.entries(values))
    for (const [at, count] of buckets.entries()) flat[`${gate}.${at}`] = count;
  return flat;
}

/** Processes come and go; what the gone have counted stays in the sums. So many last counts are kept. */
const countsMax = 65_536;

/**
 * Sums of what several processes have counted. What a process had counted before it was first heard of is where its
 * counting begins, so that the sums only ever grow by what happens.
 */
function createSums() {
  const last = new Map<string, Counts>();
  const sums = new Map<string, Record<string, number>>();

  function add(subject: string, counts: Counts, before: Counts): void {
    const sum = sums.get(subject) ?? {};
    sums.set(subject, sum);
    for (const [name, count] of Object.entries(counts))
      sum[name] = (sum[name] ?? 0) + Math.max(0, count - (before[name] ?? 0));
  }
  return {
    hear(life: string, subject: string, counts: Counts): void {
      const key = `${life} ${subject}`;
      add(subject, counts, last.get(key) ?? counts);
      last.delete(key);
      last.set(key, counts);
      const oldest = last.keys().next();
      if (last.size > countsMax && oldest.done !== true) last.delete(oldest.value);
    },
    of: (subject: string): Counts | undefined => sums.get(subject),
  };
}

type Sums = ReturnType<typeof createSums>;

function subjectOf(deployment: string, template: string): string {
  return `${deployment} ${template}`;
}

function hearCounted(sums: { loads: Sums; evidence: Sums }, life: string, counted: CountedFacts): void {
  for (const [deployment, reading] of Object.entries(counted.loads))
    sums.loads.hear(life, deployment, countsOfLoad(reading));
  for (const [deployment, templates] of Object.entries(counted.evidence))
    for (const [template, doings] of Object.entries(templates))
      sums.evidence.hear(life, subjectOf(deployment, template), countsOfDoings(doings));
}

function loadFrom(sum: Counts, now: readonly LoadReading[]): LoadReading {
  const total = (name: 'inside' | 'waiting' | 'waitingWorkMs'): number =>
    now.reduce((so, reading) => so + reading[name], 0);
  const [arrivedWorkMs = 0, takenMs = 0, begun = 0, firstByteMs = 0, due = 0, late = 0] = growing.map(
    (name) => sum[name] ?? 0,
  );
  return {
    places: Math.max(1, ...now.map(({ places }) => places)),
    inside: total('inside'),
    waiting: total('waiting'),
    waitingWorkMs: total('waitingWorkMs'),
    arrivedWorkMs,
    takenMs,
    begun,
    firstByteMs,
    due,
    late,
  };
}

function bucketsFrom(sum: Counts, name: string): readonly number[] {
  const buckets: number[] = [];
  for (let at = 0; sum[`${name}.${at}`] !== undefined; at += 1) buckets.push(sum[`${name}.${at}`] ?? 0);
  return buckets;
}

function doingsFrom(sum: Counts): VersionDoings {
  return {
    counts: byGate(countedGates, (gate) => ({
      requests: sum[`${gate}.requests`] ?? 0,
      bad: sum[`${gate}.bad`] ?? 0,
    })),
    values: byGate(valueGates, (gate) => bucketsFrom(sum, gate)),
    alike: { copied: sum['copied'] ?? 0, fixed: sum['fixed'] ?? 0, equal: sum['equal'] ?? 0 },
  };
}

/** Who is starved more than when last heard. */
function createAlarms() {
  const listeners = new Set<(deployment: string) => void>();
  let before: ReadonlyMap<string, number> = new Map();
  return {
    hear(facts: readonly PresenceFacts[]): void {
      const now = new Map<string, number>();
      const hungry = new Set<string>();
      for (const { life, counted } of facts)
        for (const [deployment, count] of Object.entries(counted.starved)) {
          const key = `${life} ${deployment}`;
          now.set(key, count);
          if (count > (before.get(key) ?? 0)) hungry.add(deployment);
        }
      before = now;
      for (const deployment of hungry) for (const listener of listeners) listener(deployment);
    },
    on(listener: (deployment: string) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function createGathered(): Gathered {
  const sums = { loads: createSums(), evidence: createSums() };
  const alarms = createAlarms();
  let now: readonly PresenceFacts[] = [];
  return {
    hear(members) {
      now = members.flatMap(({ facts }) => facts ?? []);
      for (const { life, counted } of now) hearCounted(sums, life, counted);
      alarms.hear(now);
    },
    loads: {
      read(deployment) {
        const sum = sums.loads.of(deployment);
        return (
          sum &&
          loadFrom(
            sum,
            now.flatMap(({ counted }) => counted.loads[deployment] ?? []),
          )
        );
      },
      onStarved: (listener) => alarms.on(listener),
    },
    evidence: {
      read(deployment, template) {
        const sum = sums.evidence.of(subjectOf(deployment, template));
        return sum && doingsFrom(sum);
      },
    },
  };
}
