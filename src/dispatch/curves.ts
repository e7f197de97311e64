import { modelVersionName, type ModelVersion, type Replica, type ServiceCurveRecord } from '#schema';
import { createServiceCurve, recordOf, restoreCurve, type ServiceCurve } from '#policies';

/** What a curve is of: the same model version is another thing on another engine or machine. */
interface Subject {
  /** Resource name of the model version. */
  readonly version: string;
  readonly engine: string;
  readonly hardware: string;
}

export interface CurveSnapshot {
  readonly version: string;
  readonly record: ServiceCurveRecord;
}

/** The service curves of everything that was ever served here, one for each (version, engine, hardware). */
export interface Curves {
  of(replica: Replica): ServiceCurve;
  /** A version's curves as they were written down: taken where nothing has been measured yet. */
  restore(version: ModelVersion): void;
  forget(version: string): void;
  /** Those of which something is known. */
  snapshots(): readonly CurveSnapshot[];
}

/** External endpoints come and go: more than this are not remembered at a time. */
const curvesMax = 4096;

function keyOf({ version, engine, hardware }: Subject): string {
  return `${version}\n${engine}\n${hardware}`;
}

/** `hardwareOf` names the machine a replica runs on. */
export function createCurves(hardwareOf: (replica: Replica) => string): Curves {
  const known = new Map<string, { readonly subject: Subject; readonly curve: ServiceCurve }>();

  function curveOf(subject: Subject): ServiceCurve {
    const key = keyOf(subject);
    let held = known.get(key);
    if (held === undefined) {
      held = { subject, curve: createServiceCurve() };
      const [oldest] = known.keys();
      if (known.size >= curvesMax && oldest !== undefined) known.delete(oldest);
      known.set(key, held);
    }
    return held.curve;
  }

  return {
    of(replica) {
      const { model, version, engine } = replica.spec;
      return curveOf({ version: modelVersionName(model, version), engine, hardware: hardwareOf(replica) });
    },
    restore({ metadata, status }) {
      for (const record of status?.serviceCurves ?? []) {
        const curve = curveOf({ ...record, version: metadata.name });
        if (curve.samples === 0) restoreCurve(curve, record);
      }
    },
    forget(version) {
      for (const [key, { subject }] of known) if (subject.version === version) known.delete(key);
    },
    snapshots() {
      const list: CurveSnapshot[] = [];
      for (const { subject, curve } of known.values()) {
        const record = recordOf(curve);
        const { version, engine, hardware } = subject;
        if (record !== undefined) list.push({ version, record: { engine, hardware, ...record } });
      }
      return list;
    },
  };
}
