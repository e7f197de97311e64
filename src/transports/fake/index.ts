import { problem } from '#schema';
import {
  plainHead,
  type CallInFlight,
  type OutboundCall,
  type ReplyHead,
  type ReplyListener,
  type Transport,
} from '#contracts';

/** A call that arrived at the fake: whoever holds it plays the replica. */
export interface FakeCall {
  readonly call: OutboundCall;
  readonly cancelled: () => boolean;
  /** How often the sender asked to go on after a pause. */
  readonly resumed: () => number;
  answer(head: Partial<ReplyHead>, ...chunks: readonly Uint8Array[]): void;
  /** One piece of the body; false when the listener asked for a pause. */
  send(bytes: Uint8Array): boolean;
  start(head: Partial<ReplyHead>): void;
  end(): void;
  /** The connection breaks: before the request was sent, or after. */
  breakOff(sent: boolean): void;
}

export interface FakeTransport extends Transport {
  /** Calls that have arrived, oldest first. */
  readonly calls: readonly FakeCall[];
}

const head = plainHead('application/json');

function createFakeCall(call: OutboundCall, listener: ReplyListener): FakeCall & CallInFlight {
  let cancelled = false;
  let resumed = 0;
  const alive = (): boolean => !cancelled;
  const fake: FakeCall & CallInFlight = {
    call,
    cancelled: () => cancelled,
    resumed: () => resumed,
    start(given) {
      if (alive()) listener.started({ ...head, ...given });
    },
    send: (bytes) => alive() && listener.received(bytes),
    end() {
      if (alive()) listener.ended();
    },
    answer(given, ...chunks) {
      fake.start(given);
      for (const chunk of chunks) fake.send(chunk);
      fake.end();
    },
    breakOff(sent) {
      if (alive()) listener.failed(problem('replica_failed', 'The connection broke.'), sent);
    },
    cancel() {
      cancelled = true;
    },
    resume() {
      resumed += 1;
    },
  };
  return fake;
}

/** A transport without a network: every call waits for the script to answer it. For tests and the simulator. */
export function createFakeTransport(): FakeTransport {
  const calls: FakeCall[] = [];
  return {
    calls,
    send(call, listener) {
      const fake = createFakeCall(call, listener);
      calls.push(fake);
      return fake;
    },
    close: () => Promise.resolve(),
  };
}
