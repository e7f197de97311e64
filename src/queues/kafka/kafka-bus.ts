import { Kafka, type IHeaders, type Message, type Producer, type SASLOptions } from 'kafkajs';
import { problem, ProblemError, type KafkaConfig } from '#schema';
import type { Clock, Log, MessageBus, OutgoingMessage } from '#contracts';
import { bridgeLog } from './bridge-log.ts';
import { keepConsuming } from './consuming.ts';

/** What the configuration only names, read. */
export interface KafkaCredentials {
  readonly password?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface KafkaBusDeps {
  readonly config: Pick<KafkaConfig, 'brokers' | 'clientId' | 'tls' | 'sasl'>;
  readonly credentials: KafkaCredentials;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly log: Log;
}

const requestMs = 10_000;
/** A send is tried again by whoever wanted it, so that it can be given up; here only for what passes at once. */
const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1000 };

function saslOf({ config, credentials }: KafkaBusDeps): { readonly sasl?: SASLOptions } {
  if (config.sasl === undefined) return {};
  const { mechanism, username } = config.sasl;
  const who = { username, password: credentials.password ?? '' };
  // The client's type is one shape for each mechanism.
  if (mechanism === 'plain') return { sasl: { mechanism, ...who } };
  return { sasl: mechanism === 'scram-sha-256' ? { mechanism, ...who } : { mechanism, ...who } };
}

function tlsOf({ config, credentials }: KafkaBusDeps) {
  if (config.tls?.enabled !== true) return {};
  const { ca, cert, key } = credentials;
  return { ssl: { ...(ca !== undefined && { ca: [ca] }), ...(cert !== undefined && { cert, key }) } };
}

function bytes(value: Uint8Array | string): Buffer | string {
  return typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function toMessage({ key, value, headers }: OutgoingMessage): Message {
  const named: IHeaders = { ...headers };
  return { key: key === undefined ? null : bytes(key), value: bytes(value), headers: named };
}

function byTopic(messages: readonly OutgoingMessage[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const message of messages) {
    const list = topics.get(message.topic) ?? [];
    list.push(toMessage(message));
    topics.set(message.topic, list);
  }
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}

/** One producer, connected when there is something to send. */
function createSending(kafka: Kafka) {
  let connecting: Promise<Producer> | undefined;
  async function connected(): Promise<Producer> {
    const producer = kafka.producer({ retry });
    await producer.connect();
    return producer;
  }
  return {
    async send(messages: readonly OutgoingMessage[]): Promise<void> {
      connecting ??= connected();
      try {
        const producer = await connecting;
        // All replicas in sync have it: what is answered survives the broker that answered.
        await producer.sendBatch({ acks: -1, timeout: requestMs, topicMessages: byTopic(messages) });
      } catch (fault) {
        const broken = connecting;
        connecting = undefined;
        await (await broken?.catch(() => undefined))?.disconnect().catch(() => undefined);
        const message = fault instanceof Error ? fault.message : String(fault);
        throw new ProblemError(problem('source_unavailable', `Kafka did not take the message: ${message}.`));
      }
    },
    async close(): Promise<void> {
      await (await connecting?.catch(() => undefined))?.disconnect();
    },
  };
}

/** Messages over Kafka. Nothing is connected until something is consumed or produced. */
export function createKafkaBus(deps: KafkaBusDeps): MessageBus {
  const { brokers, clientId } = deps.config;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5000,
    requestTimeout: requestMs,
    enforceRequestTimeout: true,
    logCreator: bridgeLog(deps.log),
    retry,
    ...tlsOf(deps),
    ...saslOf(deps),
  });
  const sending = createSending(kafka);
  return {
    consume: (consumption) => keepConsuming({ kafka, consumption, clock: deps.clock, log: deps.log }),
    produce: (messages) => (messages.length === 0 ? Promise.resolve() : sending.send(messages)),
    close: () => sending.close(),
  };
}
