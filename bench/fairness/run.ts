import { resourceSchemas, type Resource } from '#schema';
import { plainHead, silentMeters, type Transport } from '#contracts';
import { createDirectory, createDispatch, type Ask, type Dispatch } from '#dispatch';
import { createVirtualClock } from '#sim/clock';
import { createChance } from '../harness/chance.ts';
import { serviceMs, type Arrival, type Pool, type Tenant } from './tenants.ts';

/** What became of one request. Times in milliseconds; undefined where it did not come so far. */
export interface Served {
  readonly arrival: Arrival;
  /** What it takes in its place: its true cost. */
  readonly costMs: number;
  startMs: number | undefined;
  endMs: number | undefined;
}

export interface Run {
  readonly pool: Pool;
  readonly tenants: readonly Tenant[];
  readonly arrivals: readonly Arrival[];
  /** Everybody as one tenant with one key: first come, first served, through the same code. */
  readonly firstCome: boolean;
  readonly queueDepthMax: number;
  /** Nothing is looked at after this. */
  readonly untilMs: number;
}

function resourcesOf({ pool, tenants, queueDepthMax }: Run): Resource[] {
  const model = { model: 'pool', version: '1' };
  const limits = { queueDepthMax, concurrency: pool.placesEach };
  const spec = { deployment: 'pool', ...model, generation: 1, engine: 'timed', substrate: 'none' };
  const replicas = Array.from({ length: pool.replicas }, (_, n) => ({
    kind: 'Replica',
    metadata: { name: `r${n}` },
    spec,
    status: { state: 'ready', since: '2026-01-01T00:00:00Z', endpoint: `http://r${n}` },
  }));
  return [
    ...tenants.map(({ name, weight }) =>
      resourceSchemas.Tenant.parse({ kind: 'Tenant', metadata: { name }, spec: { weight } }),
    ),
    resourceSchemas.Deployment.parse({
      kind: 'Deployment',
      metadata: { name: 'pool' },
      spec: { ...model, limits },
    }),
    ...replicas.map((replica) => resourceSchemas.Replica.parse(replica)),
  ];
}

const head = plainHead('application/json');
const text = new TextEncoder();

/** Nobody shares the beginning of a prompt with another. */
const noPrefix = new Uint32Array(0);

/** A body as long as its prompt, four bytes a token, which is all that dispatch looks at. */
function askOf({ tenant, inputTokens, outputTokens }: Arrival, firstCome: boolean): Ask {
  const owner = firstCome ? 'all' : tenant;
  const bytes = Math.max(1, 4 * inputTokens);
  return {
    requestId: '',
    tenant: owner,
    key: owner,
    priority: 'standard',
    session: undefined,
    model: 'pool',
    endpoint: outputTokens === 0 ? '/v1/embeddings' : '/v1/chat/completions',
    body: new Uint8Array(0),
    promptFrom: 0,
    promptTo: bytes,
    prefix: noPrefix,
    modelFrom: -1,
    modelTo: -1,
    stream: false,
    maxTokens: undefined,
    answers: 1,
    headers: [],
    deadlineMs: undefined,
  };
}

/** Runs the arrivals through the platform's own dispatch on virtual time. */
export function runThroughDispatch(run: Run): readonly Served[] {
  const clock = createVirtualClock();
  const directory = createDirectory({ headersOf: () => [] });
  const bodies = new Map<Uint8Array, Served>();
  const transport: Transport = {
    send(call, listener) {
      const served = call.body && bodies.get(call.body);
      if (served === undefined) throw new Error('a call that nobody made');
      served.startMs = clock.monotonicMs();
      const cancel = clock.setTimer(served.costMs, () => {
        const { inputTokens, outputTokens } = served.arrival;
        listener.started(head);
        listener.received(
          text.encode(`{"usage":{"prompt_tokens":${inputTokens},"completion_tokens":${outputTokens}}}`),
        );
        listener.ended();
      });
      return { cancel, resume: () => undefined };
    },
    close: () => Promise.resolve(),
  };
  const dispatch: Dispatch = createDispatch({
    directory,
    transport,
    clock,
    rng: { next: createChance(1) },
    meters: silentMeters,
  });
  for (const resource of resourcesOf(run)) directory.apply({ type: 'put', resource });
  const all = run.arrivals.map((arrival): Served => {
    const served: Served = {
      arrival,
      costMs: serviceMs(run.pool, arrival),
      startMs: undefined,
      endMs: undefined,
    };
    const ask = askOf(arrival, run.firstCome);
    bodies.set(ask.body, served);
    clock.setTimer(arrival.atMs, () => {
      dispatch.submit(ask, {
        started: () => undefined,
        received: () => true,
        ended: () => {
          served.endMs = clock.monotonicMs();
        },
        failed: () => undefined,
      });
    });
    return served;
  });
  clock.runUntil(run.untilMs);
  return all;
}
