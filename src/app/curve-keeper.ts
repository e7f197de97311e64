import { ProblemError, type ModelVersion, type ServiceCurveRecord } from '#schema';
import type { Clock, Log, Store } from '#contracts';
import type { CurveSnapshot, Curves } from '#dispatch';

export interface CurveKeeperDeps {
  readonly curves: Curves;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is learned changes with every request; what is written down, at most this often. */
const everyMs = 30_000;
/** A curve is written again when a coefficient has moved by so much of what it takes in all, or on twice the data. */
const movedShare = 0.05;
const curvesOfVersionMax = 64;

const keeper = { name: 'dispatch', tenant: 'system' };

function usualMs({ inputMs, outputMs, fixedMs, meanInputs, meanOutputs }: ServiceCurveRecord): number {
  return inputMs * meanInputs + outputMs * meanOutputs + fixedMs;
}

function sameSubject(a: ServiceCurveRecord, b: ServiceCurveRecord): boolean {
  return a.engine === b.engine && a.hardware === b.hardware;
}

function hasMoved(now: ServiceCurveRecord, written: ServiceCurveRecord | undefined): boolean {
  if (written === undefined || now.samples >= 2 * written.samples) return true;
  const bound = movedShare * usualMs(written);
  return (
    Math.abs(now.inputMs - written.inputMs) * written.meanInputs > bound ||
    Math.abs(now.outputMs - written.outputMs) * written.meanOutputs > bound ||
    Math.abs(now.fixedMs - written.fixedMs) > bound
  );
}

/** Six digits are more than was ever measured. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function rounded(record: ServiceCurveRecord): ServiceCurveRecord {
  return {
    ...record,
    inputMs: round(record.inputMs),
    outputMs: round(record.outputMs),
    fixedMs: round(record.fixedMs),
    spreadMs: round(record.spreadMs),
    meanInputs: round(record.meanInputs),
    meanOutputs: round(record.meanOutputs),
  };
}

/** The curves to write with a version; undefined where those that are written are good enough. */
function merged(
  written: readonly ServiceCurveRecord[],
  learned: readonly ServiceCurveRecord[],
): ServiceCurveRecord[] | undefined {
  const moved = learned.filter((one) =>
    hasMoved(
      one,
      written.find((other) => sameSubject(one, other)),
    ),
  );
  if (moved.length === 0) return undefined;
  const kept = written.filter((one) => !moved.some((other) => sameSubject(one, other)));
  return [...kept, ...moved.map(rounded)].slice(-curvesOfVersionMax);
}

function byVersion(snapshots: readonly CurveSnapshot[]): ReadonlyMap<string, readonly ServiceCurveRecord[]> {
  const map = new Map<string, ServiceCurveRecord[]>();
  for (const { version, record } of snapshots) {
    const records = map.get(version) ?? [];
    records.push(record);
    map.set(version, records);
  }
  return map;
}

async function getVersion(store: Store, name: string): Promise<ModelVersion | undefined> {
  const found = await store.get('ModelVersion', name);
  return found?.kind === 'ModelVersion' ? found : undefined;
}

async function write(store: Store, name: string, learned: readonly ServiceCurveRecord[]): Promise<void> {
  const version = await getVersion(store, name);
  if (version?.status === undefined) return;
  const serviceCurves = merged(version.status.serviceCurves ?? [], learned);
  if (serviceCurves === undefined) return;
  const resource: ModelVersion = { ...version, status: { ...version.status, serviceCurves } };
  const expectedVersion = version.metadata.resourceVersion;
  const committed = await store.commit([{ verb: 'put', resource, expectedVersion }], keeper);
  // Somebody else wrote the version in between: the next time is soon enough.
  if (!committed.ok && committed.problem.code !== 'version_conflict')
    throw new ProblemError(committed.problem);
}

/**
 * Writes down from time to time what was learned of the speed of model versions, so that a restart need not learn it
 * anew. The function that is returned ends it, and writes once more.
 */
export function keepCurves({ curves, store, clock, log }: CurveKeeperDeps): () => Promise<void> {
  let stopTimer: (() => void) | undefined;
  let writing = Promise.resolve();

  async function writeAll(): Promise<void> {
    for (const [name, learned] of byVersion(curves.snapshots())) {
      try {
        await write(store, name, learned);
      } catch (fault) {
        const message = fault instanceof Error ? fault.message : String(fault);
        log.warn('curve-unwritten', { version: name, message });
      }
    }
  }

  function arm(): void {
    stopTimer = clock.setTimer(everyMs, () => {
      writing = writing.then(writeAll);
      arm();
    });
  }

  arm();
  return async () => {
    stopTimer?.();
    await writing;
    await writeAll();
  };
}
