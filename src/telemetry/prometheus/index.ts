import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { AdmissionCount, Meters } from '#contracts';
import { observeStandings } from './standings.ts';
import { createRequestSeries } from './request-series.ts';

/** Counts by deployment and reason that are kept elsewhere and read when somebody looks. */
function observeReasons(
  registry: Registry,
  read: () => readonly AdmissionCount[],
  named: { readonly name: string; readonly help: string },
): void {
  const counter = new Counter({
    ...named,
    labelNames: ['deployment', 'reason'],
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const { deployment, reason, count } of read()) counter.labels(deployment, reason).inc(count);
    },
  });
}

/** By default it wakes the process a hundred times a second, which is a third of what an idle platform costs. */
const lagSampleMs = 100;

/** Meters in Prometheus' text format. What is counted for every request has typed arrays of its own. */
export function createPrometheusMeters(): Meters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagSampleMs });
  const requests = createRequestSeries();
  const transitions = new Counter({
    name: 'millrace_replica_transitions_total',
    help: 'Replicas that came into a state.',
    labelNames: ['deployment', 'state'],
    registers: [registry],
  });
  return {
    requestFinished: (sample) => {
      requests.add(sample);
    },
    observeInFlight(read) {
      const gauge = new Gauge({
        name: 'millrace_requests_in_flight',
        help: 'Requests taken in and not yet finished.',
        registers: [registry],
        collect: () => {
          gauge.set(read());
        },
      });
    },
    observeAdmissions(read) {
      observeReasons(registry, read, {
        name: 'millrace_admission_total',
        help: 'Requests by why they were sent at once, kept waiting or refused.',
      });
    },
    observeMending(read) {
      observeReasons(registry, read, {
        name: 'millrace_mending_total',
        help: 'Retries, second calls, circuits and ejections of replicas, by reason.',
      });
    },
    observeStandings(read) {
      observeStandings(registry, read);
    },
    replicaStateChanged(deployment, state) {
      transitions.labels(deployment, state).inc();
    },
    exposition: async () => requests.exposition() + (await registry.metrics()),
  };
}
