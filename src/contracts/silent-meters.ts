import type { Meters } from './telemetry.ts';

/** Counts nothing: for worlds whose metrics nobody reads, such as a replay or a simulated platform. */
export const silentMeters: Meters = {
  requestFinished: () => undefined,
  observeInFlight: () => undefined,
  observeAdmissions: () => undefined,
  observeMending: () => undefined,
  replicaStateChanged: () => undefined,
  exposition: () => Promise.resolve(''),
};
