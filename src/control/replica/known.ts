import type { ReplicaHandle } from '#contracts';
import { beginProbes, type ProbeMemory } from './reconcile.ts';

/** What this process knows of a replica beyond its record. */
export interface KnownReplica {
  process: 'unknown' | 'running' | 'none';
  /** Set as soon as it was launched or adopted, even when the record could not be written. */
  handle: ReplicaHandle | undefined;
  exitReason: string | undefined;
  /** Of the engine, as it was started with them; the deployment's own may have changed since. */
  options: Readonly<Record<string, unknown>> | undefined;
  memory: ProbeMemory;
}

/** How long versions took to load, as a first guess for the next time. */
const loadTimesMax = 256;

export interface Knowledge {
  /** Creates the entry when there is none. */
  of(name: string): KnownReplica;
  /** False when nothing is known of such a replica: then it is none of ours. */
  noteExit(name: string, reason: string): boolean;
  forget(name: string): void;
  lastLoadMs(version: string): number | undefined;
  noteLoad(version: string, tookMs: number): void;
}

export function createKnowledge(): Knowledge {
  const replicas = new Map<string, KnownReplica>();
  const loadTimes = new Map<string, number>();
  return {
    of(name) {
      const known = replicas.get(name) ?? {
        process: 'unknown',
        handle: undefined,
        exitReason: undefined,
        options: undefined,
        memory: beginProbes(),
      };
      replicas.set(name, known);
      return known;
    },
    noteExit(name, reason) {
      const known = replicas.get(name);
      if (known === undefined) return false;
      known.exitReason = reason;
      known.process = 'none';
      return true;
    },
    forget: (name) => void replicas.delete(name),
    lastLoadMs: (version) => loadTimes.get(version),
    noteLoad(version, tookMs) {
      loadTimes.delete(version);
      loadTimes.set(version, tookMs);
      const oldest = loadTimes.keys().next();
      if (loadTimes.size > loadTimesMax && oldest.done !== true) loadTimes.delete(oldest.value);
    },
  };
}
