import { kafkaGroupOf, problem, ProblemError, type Config, type KafkaConfig } from '#schema';
import type { Clock, Log, MessageBus, Rng } from '#contracts';
import { createTaskRunner, createWebhookWork, type Directory, type Runner } from '#dispatch';
import { createIntake, createResultCourier, createResultNews } from '#gateway';
import { createKafkaBus, type KafkaCredentials } from '#queues';
import { namedFile } from './config/named-file.ts';
import { readSecret } from './config/secrets.ts';
import type { Tasks } from './tasks.ts';

export interface KafkaParts {
  readonly config: Config;
  readonly tasks: Tasks;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface KafkaDoor {
  start(): void;
  /** Takes nothing more in; what is being told is told. */
  stop(graceMs: number): Promise<void>;
}

/** Messages that become tasks in one transaction. */
const messagesMax = 200;
const tellingMax = 16;

function readCredentials({ tls, sasl }: KafkaConfig): KafkaCredentials {
  const password = sasl && readSecret(sasl.passwordEnv);
  if (sasl && password === undefined) {
    const message = `kafka.sasl needs the password in the environment variable ${sasl.passwordEnv}.`;
    throw new ProblemError(problem('invalid_config', message, { param: 'kafka.sasl.passwordEnv' }));
  }
  const textOf = (part: 'ca' | 'cert' | 'key'): string | undefined => {
    const path = tls?.[part];
    return path === undefined ? undefined : namedFile(`kafka.tls.${part}`, path);
  };
  return { password, ca: textOf('ca'), cert: textOf('cert'), key: textOf('key') };
}

function createTeller(parts: KafkaParts, config: KafkaConfig, bus: MessageBus): Runner {
  const { tasks, clock, rng, log } = parts;
  const { queue, payloads } = tasks;
  const tell = createResultNews({ payloads, resultBytesMax: config.resultBytesMax });
  const work = createWebhookWork({ queue, courier: createResultCourier(bus), tell });
  const { leaseMs } = parts.config.tasks;
  const options = { lane: 'message', worker: tasks.worker, work, concurrency: tellingMax, leaseMs } as const;
  return createTaskRunner({ queue, payloads, clock, rng, log }, options);
}

/** Tasks in from topics, results out; undefined where no Kafka is configured. */
export function composeKafka(parts: KafkaParts): KafkaDoor | undefined {
  const { config, tasks, clock, log } = parts;
  if (config.kafka === undefined) return undefined;
  const { kafka } = config;
  const bus = createKafkaBus({ config: kafka, credentials: readCredentials(kafka), clock, log });
  const teller = createTeller(parts, kafka, bus);
  const desk = { ...parts, ...tasks, config: config.tasks, bodyBytesMax: config.limits.bodyBytes };
  let stops: readonly (() => Promise<void>)[] = [];
  return {
    start() {
      teller.start();
      stops = kafka.streams.map((stream) => {
        const handle = createIntake({ tasks: desk, bus, stream });
        return bus.consume({ topic: stream.topic, group: kafkaGroupOf(stream), handle, messagesMax });
      });
    },
    async stop(graceMs) {
      await Promise.all(stops.map((stop) => stop()));
      await teller.stop(graceMs);
      await bus.close();
    },
  };
}
