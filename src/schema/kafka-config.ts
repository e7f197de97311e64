import { z } from 'zod';
import { priorities } from './priority.ts';

const topic = z.string().regex(/^[\w.-]{1,249}$/, 'must be the name of a topic');

const stream = z.strictObject({
  topic: topic.describe('Messages here become tasks: JSON as `POST /v1/tasks` takes it.'),
  group: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Consumer group, whose offsets say how far it is; one topic each. Else `millrace.TOPIC`.'),
  tenant: z.string().min(1).default('default').describe('Whose tasks they are.'),
  priority: z
    .enum(priorities)
    .default('standard')
    .describe('The highest class that messages may ask for; a higher one is lowered to it.'),
  results: topic
    .optional()
    .describe('Where the end of each task is told, with its answer; key: the id of the task.'),
  deadLetters: topic
    .optional()
    .describe('Where messages go that cannot become tasks, with the reason. Else `TOPIC.dead-letters`.'),
});

export type KafkaStream = z.infer<typeof stream>;

export function kafkaGroupOf({ group, topic: name }: KafkaStream): string {
  return group ?? `millrace.${name}`;
}

/** Members of a group share all of its topics, whichever they asked for: one topic of one group for each stream. */
function haveOwnGroups(streams: readonly KafkaStream[]): boolean {
  return new Set(streams.map(kafkaGroupOf)).size === streams.length;
}

/** Topics of Kafka that tasks come from, and that their ends are told to. */
export const kafkaConfig = z
  .strictObject({
    brokers: z
      .array(z.string().regex(/^[^\s,]+:\d{1,5}$/, 'must be HOST:PORT'))
      .min(1)
      .max(100)
      .describe('Addresses of some brokers; these know the others.'),
    clientId: z
      .string()
      .min(1)
      .max(255)
      .default('millrace')
      .describe('What the brokers call us in their logs.'),
    tls: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Encrypt, and check the certificate of the brokers.'),
        ca: z
          .string()
          .min(1)
          .optional()
          .describe('PEM file with the authority that signed it; else the usual ones.'),
        cert: z
          .string()
          .min(1)
          .optional()
          .describe('PEM file with a certificate of our own, where brokers want one.'),
        key: z.string().min(1).optional().describe('PEM file with its private key.'),
      })
      .optional()
      .describe('Encryption.'),
    sasl: z
      .strictObject({
        mechanism: z
          .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
          .default('scram-sha-512')
          .describe('How the password is shown.'),
        username: z.string().min(1).describe('Who we are.'),
        passwordEnv: z
          .string()
          .min(1)
          .default('MILLRACE_KAFKA_PASSWORD')
          .describe('Name of the environment variable with the password.'),
      })
      .optional()
      .describe('Authentication.'),
    resultBytesMax: z
      .number()
      .int()
      .min(0)
      .max(100_000_000)
      .default(900_000)
      .describe('A longer answer is left out of its message; the message says where it can be fetched.'),
    events: topic
      .optional()
      .describe(
        'Where it is told that a task was handed in, and how it ended, whichever way it came; without its answer. Key: the id of the task.',
      ),
    streams: z
      .array(stream)
      .refine(haveOwnGroups, 'must each have a topic and a group of their own')
      .max(100)
      .default([])
      .describe('What comes in, and where its results go.'),
  })
  .optional()
  .describe('Kafka: tasks in from topics, results and events out.');

export type KafkaConfig = NonNullable<z.infer<typeof kafkaConfig>>;
