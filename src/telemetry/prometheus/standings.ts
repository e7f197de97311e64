import { Counter, Gauge, type Registry } from 'prom-client';
import type { LoadStanding } from '#contracts';

type Read = (standing: LoadStanding) => number | undefined;

const gauges: readonly (readonly [name: string, help: string, read: Read])[] = [
  ['queue_requests', 'Requests that wait for a place.', ({ waiting }) => waiting],
  ['deployment_requests_in_flight', 'Requests taken in and not over.', ({ inFlight }) => inFlight],
  ['utilisation_ratio', 'Busy share of the places of ready replicas.', ({ utilisation }) => utilisation],
  ['replicas_ready', 'Replicas that answer.', ({ ready }) => ready],
  ['replicas_wanted', 'Replicas that there should be.', ({ wanted }) => wanted],
  ['replicas_advised', 'Replicas that the policy in shadow would have.', ({ advised }) => advised],
];

const counters: readonly (readonly [name: string, help: string, read: Read])[] = [
  [
    'arrived_replica_seconds_total',
    'Work that arrived, in seconds of one replica: its rate is the replicas that it keeps busy.',
    ({ arrivedMs }) => arrivedMs / 1000,
  ],
  [
    'busy_replica_seconds_total',
    'Time that places were taken, in seconds of one replica.',
    ({ takenMs }) => takenMs / 1000,
  ],
];

/** What autoscalers elsewhere scale by, read when somebody looks. */
export function observeStandings(registry: Registry, read: () => readonly LoadStanding[]): void {
  const common = { labelNames: ['deployment'], registers: [registry] };
  for (const [name, help, valueOf] of gauges) {
    const gauge = new Gauge({
      ...common,
      name: `millrace_${name}`,
      help,
      collect: () => {
        gauge.reset();
        for (const standing of read()) {
          const value = valueOf(standing);
          if (value !== undefined) gauge.labels(standing.deployment).set(value);
        }
      },
    });
  }
  for (const [name, help, valueOf] of counters) {
    const counter = new Counter({
      ...common,
      name: `millrace_${name}`,
      help,
      collect: () => {
        counter.reset();
        for (const standing of read()) counter.labels(standing.deployment).inc(valueOf(standing) ?? 0);
      },
    });
  }
}
