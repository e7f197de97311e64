import { eventsOf, failuresMax, mustEnd } from './connection.ts';
import type { Http } from './http.ts';
import { backOffMs, pause } from './pause.ts';
import type { SseEvent } from './sse.ts';

/** Something that happened to a resource. `synced` comes once the state at the start has been told. */
export type WatchEvent<R> =
  | { readonly type: 'put'; readonly resource: R }
  | { readonly type: 'deleted'; readonly resource: R }
  | { readonly type: 'synced' };

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Go on from here instead of being told the state first. */
  readonly resourceVersion?: string | undefined;
  /** Failures in a row before the watch gives up. */
  readonly retriesMax?: number | undefined;
}

interface Named {
  readonly metadata: { readonly name: string };
}

/** What is known to exist, so that a fresh start also tells what has gone in the meantime. */
interface Known<R> {
  readonly byName: Map<string, R>;
  /** Names told since the start began over; undefined once it is complete. */
  fresh: Set<string> | undefined;
}

/** What is watched. */
export interface Watched<R> {
  readonly path: string;
  readonly isOne: (value: unknown) => value is R;
}

function* told<R extends Named>(
  event: SseEvent,
  known: Known<R>,
  isOne: Watched<R>['isOne'],
): Generator<WatchEvent<R>> {
  if (event.event === 'synced') {
    for (const [name, resource] of known.byName) {
      if (known.fresh === undefined || known.fresh.has(name)) continue;
      known.byName.delete(name);
      yield { type: 'deleted', resource };
    }
    known.fresh = undefined;
    yield { type: 'synced' };
    return;
  }
  const resource: unknown = JSON.parse(event.data);
  if (!isOne(resource)) return;
  const { name } = resource.metadata;
  if (event.event === 'deleted') {
    known.byName.delete(name);
    yield { type: 'deleted', resource };
  } else {
    known.byName.set(name, resource);
    known.fresh?.add(name);
    yield { type: 'put', resource };
  }
}

/** Watches for ever: over lost connections and restarts of the platform, from the last version that was seen. */
export async function* watchResources<R extends Named>(
  http: Http,
  { path, isOne }: Watched<R>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<R>, void, undefined> {
  const { signal, retriesMax = failuresMax } = options;
  const known: Known<R> = { byName: new Map(), fresh: undefined };
  let version = options.resourceVersion;
  for (let failures = 0; ; failures += 1) {
    if (version === undefined) known.fresh = new Set();
    try {
      const query = { watch: 1, resourceVersion: version };
      for await (const event of eventsOf(http, { path, query }, signal)) {
        failures = 0;
        yield* told(event, known, isOne);
        version = event.id ?? version;
      }
    } catch (fault) {
      const lost = mustEnd(fault, signal, failures >= retriesMax);
      if (lost.code === 'version_expired') version = undefined;
    }
    await pause(backOffMs(failures + 1, undefined), signal);
  }
}
