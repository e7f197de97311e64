import type { Dispatcher } from 'undici';
import { problem, type Problem } from '#schema';
import type { CallInFlight, OutboundCall, ReplyHead, ReplyListener, Transport } from '#contracts';
import { createPools, type PoolLease } from './undici-pools.ts';

const jsonBytesName = 'inference-header-content-length';

/** Length of the header names that travel on: `retry-after`, `content-type`, `content-length`, `x-millrace-run-ms`. */
const wantedLengths = new Set([11, 12, 14, 17, jsonBytesName.length]);

/** Names are compared by length before any string is made: this runs for every reply. */
function readHead(status: number, raw: readonly Buffer[]): ReplyHead {
  const found: Record<string, string | undefined> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at];
    if (name !== undefined && wantedLengths.has(name.length))
      found[name.toString('latin1').toLowerCase()] = raw[at + 1]?.toString('latin1');
  }
  const length = found['content-length'];
  return {
    status,
    contentType: found['content-type'],
    contentLengthBytes: length === undefined ? undefined : Number(length),
    retryAfter: found['retry-after'],
    jsonBytes: found[jsonBytesName],
    runMs: found['x-millrace-run-ms'] === undefined ? undefined : Number(found['x-millrace-run-ms']),
  };
}

/** What a caller may know: that it failed and how, not where our replicas listen. */
function lost(fault: Error): Problem {
  const how = 'code' in fault && typeof fault.code === 'string' ? fault.code : 'broken off';
  return problem('replica_failed', `The connection to the replica failed (${how}).`, { retryAfterMs: 1000 });
}

const ignore = (): void => undefined;

/** One call's life on undici's callback level: no promise, no web stream, no AbortController per request. */
function createExchange(listener: ReplyListener, lease: PoolLease) {
  let abort: (reason?: Error) => void = ignore;
  let resume: () => void = ignore;
  let sent = false;
  let over = false;
  /** Negative where no length was told. */
  let leftBytes = -1;

  function finish(): boolean {
    if (over) return false;
    over = true;
    lease.release();
    return true;
  }

  const handler: Dispatcher.DispatchHandler = {
    onConnect(stop) {
      sent = true;
      abort = stop;
      if (over) stop();
    },
    onHeaders(status, raw, resumeReply) {
      resume = resumeReply;
      // 1xx: the real head is still to come.
      if (over || status < 200) return true;
      const head = readHead(status, raw);
      leftBytes = head.contentLengthBytes ?? -1;
      listener.started(head);
      return true;
    },
    onData(bytes) {
      leftBytes -= bytes.length;
      return over || listener.received(bytes, leftBytes === 0);
    },
    onComplete() {
      if (finish()) listener.ended();
    },
    onError(fault) {
      if (finish()) listener.failed(lost(fault), sent);
    },
  };
  const call: CallInFlight = {
    cancel() {
      if (finish()) abort();
    },
    resume: () => {
      resume();
    },
  };
  return { handler, call };
}

/** Calls through undici, which does TLS, and whatever else the world's servers want, for us. */
export function createUndiciCalls(nowMs: () => number): Transport {
  const pools = createPools(nowMs);
  return {
    send(call: OutboundCall, listener: ReplyListener) {
      const lease = pools.lease(call.endpoint);
      const exchange = createExchange(listener, lease);
      lease.pool.dispatch(
        {
          path: lease.basePath + call.path,
          method: call.method,
          headers: call.headers,
          body: call.body ?? null,
        },
        exchange.handler,
      );
      return exchange.call;
    },
    close: () => pools.close(),
  };
}
