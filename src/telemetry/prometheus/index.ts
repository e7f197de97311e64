import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Meters, RequestSample } from '#contracts';

/** Seconds. From a cache hit to a long answer. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** More label combinations than this are counted under `other`: a client must not be able to fill the memory. */
const seriesMax = 2000;

interface Series {
  readonly finished: Counter.Internal;
  readonly total: Histogram.Internal<string>;
  readonly firstByte: Histogram.Internal<string>;
  readonly queue: Histogram.Internal<string>;
  readonly promptTokens: Counter.Internal;
  readonly completionTokens: Counter.Internal;
}

function createInstruments(registers: Registry[]) {
  const place = ['endpoint', 'deployment'];
  return {
    finished: new Counter({
      name: 'millrace_requests_total',
      help: 'Requests finished.',
      labelNames: [...place, 'tenant', 'status'],
      registers,
    }),
    total: new Histogram({
      name: 'millrace_request_seconds',
      help: 'From the arrival of a request to the end of its answer.',
      labelNames: place,
      buckets: durationBuckets,
      registers,
    }),
    firstByte: new Histogram({
      name: 'millrace_first_byte_seconds',
      help: 'From the arrival of a request to the first byte of its answer.',
      labelNames: place,
      buckets: durationBuckets,
      registers,
    }),
    queue: new Histogram({
      name: 'millrace_queue_seconds',
      help: 'How long requests waited for a replica.',
      labelNames: place,
      buckets: durationBuckets,
      registers,
    }),
    tokens: new Counter({
      name: 'millrace_tokens_total',
      help: 'Tokens, as the engine reports them.',
      labelNames: ['deployment', 'tenant', 'kind'],
      registers,
    }),
    transitions: new Counter({
      name: 'millrace_replica_transitions_total',
      help: 'Replicas that came into a state.',
      labelNames: ['deployment', 'state'],
      registers,
    }),
  };
}

type Instruments = ReturnType<typeof createInstruments>;

/** Label children, looked up once and kept: a sample then costs a few additions. */
function createSeries(instruments: Instruments): (sample: RequestSample) => Series {
  const series = new Map<string, Series>();

  function open(sample: RequestSample): Series {
    const { endpoint, deployment, tenant } = sample;
    return {
      finished: instruments.finished.labels(endpoint, deployment, tenant, String(sample.status)),
      total: instruments.total.labels(endpoint, deployment),
      firstByte: instruments.firstByte.labels(endpoint, deployment),
      queue: instruments.queue.labels(endpoint, deployment),
      promptTokens: instruments.tokens.labels(deployment, tenant, 'prompt'),
      completionTokens: instruments.tokens.labels(deployment, tenant, 'completion'),
    };
  }

  return (sample) => {
    const key = `${sample.status} ${sample.endpoint} ${sample.deployment} ${sample.tenant}`;
    const known = series.get(key);
    if (known !== undefined) return known;
    if (series.size >= seriesMax) return open({ ...sample, deployment: 'other', tenant: 'other' });
    const opened = open(sample);
    series.set(key, opened);
    return opened;
  };
}

/** Meters in Prometheus' text format. */
export function createPrometheusMeters(): Meters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments([registry]);
  const seriesOf = createSeries(instruments);
  return {
    requestFinished(sample) {
      const series = seriesOf(sample);
      series.finished.inc();
      series.total.observe(sample.totalMs / 1000);
      series.firstByte.observe(sample.firstByteMs / 1000);
      series.queue.observe(sample.queueMs / 1000);
      if (sample.promptTokens > 0) series.promptTokens.inc(sample.promptTokens);
      if (sample.completionTokens > 0) series.completionTokens.inc(sample.completionTokens);
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
    replicaStateChanged(deployment, state) {
      instruments.transitions.labels(deployment, state).inc();
    },
    exposition: () => registry.metrics(),
  };
}
