import type { Consumer, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import type { BusMessage, Clock, Consumption, Handled, Log } from '#contracts';

export interface ConsumingDeps {
  readonly kafka: Kafka;
  readonly consumption: Consumption;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly log: Log;
}

/** After a consumer that ended, or could not begin. */
const againMs = 1000;
const pauseAfterFaultMs = 1000;
const fetchBytesMax = 4 * 1024 * 1024;

function headersOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first.toString()] as const];
    }),
  );
}

function toBusMessage(place: { topic: string; partition: number }, message: KafkaMessage): BusMessage {
  const { offset, timestamp, key, value, headers } = message;
  return {
    ...place,
    offset,
    timestampMs: Number(timestamp),
    key: key ?? undefined,
    value: value ?? undefined,
    headers: headersOf(headers),
  };
}

async function handleSome(
  { consumption, log }: ConsumingDeps,
  messages: readonly BusMessage[],
): Promise<Handled> {
  try {
    return await consumption.handle(messages);
  } catch (fault) {
    const { topic } = consumption;
    log.error('kafka-messages-unhandled', {
      topic,
      message: fault instanceof Error ? fault.message : String(fault),
    });
    return { count: 0, pauseMs: pauseAfterFaultMs };
  }
}

/**
 * One batch of a partition, piece by piece. What was handled is committed at once; of what was not, nothing is
 * resolved, so that the client fetches it again from there.
 */
async function handleBatch(
  deps: ConsumingDeps,
  consumer: Consumer,
  payload: EachBatchPayload,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  for (let at = 0; at < messages.length && payload.isRunning() && !payload.isStale();) {
    const some = messages.slice(at, at + deps.consumption.messagesMax);
    const { count, pauseMs = pauseAfterFaultMs } = await handleSome(
      deps,
      some.map((message) => toBusMessage({ topic, partition }, message)),
    );
    const last = some[count - 1];
    if (last !== undefined) {
      payload.resolveOffset(last.offset);
      await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last.offset) + 1n) }]);
    }
    await payload.heartbeat();
    at += count;
    if (count < some.length) {
      deps.clock.setTimer(pauseMs, payload.pause());
      return;
    }
  }
}

/** Resolves when this consumer has ended, for whatever reason. */
async function consumeOnce(deps: ConsumingDeps, stopped: Promise<void>): Promise<void> {
  const { kafka, consumption } = deps;
  const consumer = kafka.consumer({
    groupId: consumption.group,
    maxBytes: fetchBytesMax,
    maxWaitTimeInMs: 500,
    sessionTimeout: 10_000,
    // Starting anew is ours: the client gives up for good after some faults.
    retry: { retries: 5, restartOnFailure: async () => Promise.resolve(false) },
  });
  const crashed = new Promise<void>((resolve) => {
    consumer.on(consumer.events.CRASH, () => resolve());
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: consumption.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => handleBatch(deps, consumer, payload),
    });
    await Promise.race([crashed, stopped]);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

function createEnd() {
  const controller = new AbortController();
  const { signal } = controller;
  const reached = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
  return { signal, reached, reach: () => controller.abort() };
}

/** Consumes for as long as it is wanted: a consumer that ends is followed by another. */
export function keepConsuming(deps: ConsumingDeps): () => Promise<void> {
  const { clock, log, consumption } = deps;
  const { signal, ...end } = createEnd();
  async function keepOn(): Promise<void> {
    while (!signal.aborted) {
      try {
        await consumeOnce(deps, end.reached);
      } catch (fault) {
        const message = fault instanceof Error ? fault.message : String(fault);
        log.warn('kafka-unreachable', { topic: consumption.topic, message });
      }
      const rest = new Promise<void>((resolve) => {
        clock.setTimer(againMs, resolve);
      });
      await Promise.race([end.reached, rest]);
    }
  }
  const done = keepOn();
  return () => {
    end.reach();
    return done;
  };
}
