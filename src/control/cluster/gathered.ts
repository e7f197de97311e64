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

/** Processes come and go; what the gone have counted stays in the sums. So many are remembered. */
const livesMax = 256;

/** A map that forgets who was not heard of for longest. */
function createNewest<T>(max: number) {
  const map = new Map<string, T>();
  return {
    get: (name: string): T | undefined => map.get(name),
    set(name: string, value: T): void {
      map.delete(name);
      map.set(name, value);
      const oldest = map.keys().next();
      if (map.size > max && oldest.done !== true) map.delete(oldest.value);
    },
  };
}

/** What a process has counted, by subject. */
type Told = ReadonlyMap<string, Counts>;

/** From where on what is told of a subject is new. */
type BaseOf = (counts: Counts, subject: string, before: Told | undefined) => Counts;

const sinceHeardOf: BaseOf = (counts, subject, before) => before?.get(subject) ?? counts;

const nothing: Counts = {};

/**
 * What is counted only for a while begins at nothing each time, also of a subject that was counted before: in a process
 * that one knows, all of what one does not know is new.
 */
const sinceBegun: BaseOf = (counts, subject, before) => {
  if (before === undefined) return counts;
  const last = before.get(subject) ?? nothing;
  const isAnew = Object.entries(last).some(([name, count]) => (counts[name] ?? 0) < count);
  return isAnew ? nothing : last;
};

/**
 * Sums of what several processes have counted. What a process had counted before it was first heard of is where its
 * counting begins, so that the sums only ever grow by what happens.
 */
function createSums({ baseOf, sumsMax }: { readonly baseOf: BaseOf; readonly sumsMax: number }) {
  const lives = createNewest<Told>(livesMax);
  const sums = createNewest<Record<string, number>>(sumsMax);

  function add(subject: string, counts: Counts, before: Counts): void {
    const sum = sums.get(subject) ?? {};
    sums.set(subject, sum);
    for (const [name, count] of Object.entries(counts))
      sum[name] = (sum[name] ?? 0) + Math.max(0, count - (before[name] ?? 0));
  }
  return {
    hear(life: string, told: Told): void {
      const before = lives.get(life);
      for (const [subject, counts] of told) add(subject, counts, baseOf(counts, subject, before));
      lives.set(life, told);
    },
    of: (subject: string): Counts | undefined => sums.get(subject),
  };
}

type Sums = ReturnType<typeof createSums>;

function subjectOf(deployment: string, template: string): string {
  return `${deployment} ${template}`;
}

function hearCounted(sums: { loads: Sums; evidence: Sums }, life: string, counted: CountedFacts): void {
  const loads = Object.entries(counted.loads);
  const doings = Object.entries(counted.evidence).flatMap(([deployment, templates]) =>
    Object.entries(templates).map(([template, one]) => [subjectOf(deployment, template), one] as const),
  );
  sums.loads.hear(life, new Map(loads.map(([deployment, reading]) => [deployment, countsOfLoad(reading)])));
  sums.evidence.hear(life, new Map(doings.map(([subject, one]) => [subject, countsOfDoings(one)])));
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

/** Whether anybody is there who takes requests in and can be understood: without, nothing is known of any load. */
function isAnyGateway(facts: readonly PresenceFacts[]): boolean {
  return facts.some(({ roles }) => roles.includes('gateway'));
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
  const sums = {
    loads: createSums({ baseOf: sinceHeardOf, sumsMax: 65_536 }),
    evidence: createSums({ baseOf: sinceBegun, sumsMax: 1024 }),
  };
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
        const sum = isAnyGateway(now) ? sums.loads.of(deployment) : undefined;
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
