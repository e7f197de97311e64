import type { ServerResponse } from 'node:http';
import type { WatchEvent } from '#contracts';
import { problem, type Problem, type Resource, type ResourceKind } from '#schema';
import type { Exchange } from '../http/exchange.ts';
import type { AdminDeps } from './deps.ts';
import { redacted } from './secrets.ts';

const heartbeatMs = 15_000;

/** A watcher that leaves this much unread is cut off: it can come back from the last version it saw. */
const unreadBytesMax = 4 * 1024 * 1024;

/** Changes that may wait while the state at the start is being told. */
const waitingMax = 10_000;

interface Feed {
  /** False when the client is behind. */
  send(event: 'put' | 'deleted', resource: Resource, version?: string): boolean;
  synced(version: string): void;
  beat(): void;
}

function versionOf(resource: Resource): string {
  return resource.metadata.resourceVersion ?? '0';
}

function createFeed({ response, isValid }: Exchange): Feed {
  function write(text: string): boolean {
    if (response.destroyed) return true;
    // A key that was revoked or has expired hears nothing more.
    if (!isValid()) {
      response.destroy();
      return true;
    }
    const flowing = response.write(text);
    if (response.writableLength > unreadBytesMax) response.destroy();
    return flowing;
  }
  return {
    // While the initial state is being told, no id is: resuming from the middle of it would lose the rest.
    send: (event, resource, version) => {
      const id = version === undefined ? '' : `id: ${version}\n`;
      return write(`event: ${event}\n${id}data: ${JSON.stringify(redacted(resource))}\n\n`);
    },
    synced: (version) => {
      write(`event: synced\nid: ${version}\ndata: {"resourceVersion":"${version}"}\n\n`);
    },
    beat: () => {
      write(': still here\n\n');
    },
  };
}

/** A request to watch, from the start or from a version that the client has already seen. */
function startingVersion(exchange: Exchange): string | undefined {
  const header = exchange.request.headers['last-event-id'];
  const asked = exchange.query.get('resourceVersion') ?? (Array.isArray(header) ? header[0] : header);
  return asked === undefined || asked === '' || asked === '0' ? undefined : asked;
}

/** Events pass through one gate: kept until the initial state has been told, then sent as they come. */
function createGate(
  feed: Feed,
  tooMuch: () => void,
): {
  hear: (event: WatchEvent) => void;
  open: (known: ReadonlyMap<string, bigint>) => void;
} {
  let waiting: WatchEvent[] | undefined = [];
  const send = ({ type, resource }: WatchEvent): void => {
    feed.send(type, resource, versionOf(resource));
  };
  return {
    hear: (event) => {
      if (waiting === undefined) send(event);
      else if (waiting.length < waitingMax) waiting.push(event);
      else tooMuch();
    },
    open: (known) => {
      const late = waiting ?? [];
      waiting = undefined;
      for (const event of late) {
        // What the initial state already contains must not be told again, in an older form.
        const told = known.get(event.resource.metadata.name);
        if (told === undefined || BigInt(versionOf(event.resource)) > told) send(event);
      }
    },
  };
}

function keepAlive(deps: AdminDeps, feed: Feed): () => void {
  let cancel = deps.clock.setTimer(heartbeatMs, beat);
  function beat(): void {
    feed.beat();
    cancel = deps.clock.setTimer(heartbeatMs, beat);
  }
  return () => {
    cancel();
  };
}

function whenClosed(response: ServerResponse, stop: () => void): void {
  if (response.destroyed) stop();
  else response.once('close', stop);
}

/** The state at the start may be larger than what a watcher may leave unread: it is told as fast as it is read. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    whenClosed(response, done);
  });
}

/** `GET /api/v1/{plural}?watch=1`: the state, then every change, as server-sent events until the client leaves. */
export function createWatcher(
  deps: AdminDeps,
): (exchange: Exchange, kind: ResourceKind) => Promise<Problem | undefined> {
  return async (exchange, kind) => {
    const { response, query } = exchange;
    const asked = startingVersion(exchange);
    if (asked !== undefined && !/^\d{1,20}$/.test(asked))
      return problem('invalid_request', `"resourceVersion" must be a number, not "${asked}".`, {
        param: 'resourceVersion',
      });
    if (query.has('labelSelector'))
      return problem('invalid_request', '"labelSelector" cannot be used with "watch".', {
        param: 'labelSelector',
      });
    const feed = createFeed(exchange);
    const gate = createGate(feed, () => response.destroy());
    const since = asked ?? (await deps.store.version());
    const known = asked === undefined ? await deps.store.list(kind) : [];
    const hear = (event: WatchEvent): void => {
      if (event.resource.kind === kind) gate.hear(event);
    };
    // A client that is cut off comes back, and is told to list anew where that is needed.
    const watched = await deps.store.watch(since, hear, () => response.destroy());
    if (!watched.ok) return watched.problem;
    const rest = keepAlive(deps, feed);
    whenClosed(response, () => {
      watched.stop();
      rest();
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    for (const resource of known) if (!feed.send('put', resource)) await drained(response);
    feed.synced(since);
    gate.open(new Map(known.map((resource) => [resource.metadata.name, BigInt(versionOf(resource))])));
    return undefined;
  };
}
