import { z } from 'zod';
import { blobConfig } from './blob-config.ts';
import { clusterConfig } from './cluster-config.ts';
import { recordingConfig } from './recording-config.ts';
import { kafkaConfig } from './kafka-config.ts';
import { fileConfig } from './file-config.ts';
import { s3Config } from './s3-config.ts';
import { taskConfig } from './task-config.ts';

const duration = z.number().int().min(0).max(86_400_000);

/** Everything that can be configured. File ← environment (`MILLRACE_*`) ← flags, merged once and frozen. */
export const configSchema = z.strictObject({
  home: z.string().min(1).describe('Where state is kept: store, files, logs, sockets. Mode 0700.'),
  listen: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'must be HOST:PORT')
    .default('127.0.0.1:8080')
    .describe('Address and port of the gateway. Another address than loopback needs `tls` or `insecure`.'),
  insecure: z.boolean().default(false).describe('Allow listening beyond loopback without TLS.'),
  tls: z
    .strictObject({
      cert: z.string().min(1).describe('PEM file with the certificate chain.'),
      key: z.string().min(1).describe('PEM file with the private key.'),
    })
    .optional()
    .describe('Serve HTTPS.'),
  store: z
    .enum(['sqlite', 'postgres', 'memory'])
    .default('sqlite')
    .describe(
      'Where resources and tasks live. `postgres` can be shared by several machines; `memory` forgets at the end.',
    ),
  postgres: z
    .strictObject({
      urlEnv: z
        .string()
        .min(1)
        .default('MILLRACE_POSTGRES_URL')
        .describe(
          'Name of the environment variable with the address: `postgres://user:password@host:port/database`.',
        ),
      schema: z
        .string()
        .regex(/^[a-z_][a-z0-9_]{0,40}$/)
        .default('millrace')
        .describe('Schema that the tables are in; made when missing.'),
    })
    .prefault({})
    .describe('PostgreSQL, for `store: postgres`.'),
  blobs: blobConfig,
  s3: s3Config,
  cluster: clusterConfig,
  demo: z.boolean().default(true).describe('Deploy the demo model on the first start.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least important lines that are written.'),
  hf: z
    .strictObject({
      endpoint: z
        .string()
        .min(1)
        .default('https://huggingface.co')
        .describe('The hub that `hf:` sources come from.'),
      tokenEnv: z
        .string()
        .min(1)
        .default('HF_TOKEN')
        .describe('Name of the environment variable with the access token.'),
    })
    .prefault({})
    .describe('Model hub.'),
  audit: z
    .strictObject({
      keepDays: z
        .number()
        .int()
        .min(1)
        .max(36_500)
        .default(400)
        .describe('Older entries are forgotten, but for the last of what still stood then.'),
    })
    .prefault({})
    .describe('The audit log.'),
  tasks: taskConfig,
  recording: recordingConfig,
  kafka: kafkaConfig,
  files: fileConfig,
  limits: z
    .strictObject({
      bodyBytes: z
        .number()
        .int()
        .min(1024)
        .max(1_073_741_824)
        .default(10_485_760)
        .describe('Largest request body.'),
      headerBytes: z
        .number()
        .int()
        .min(1024)
        .max(1_048_576)
        .default(16_384)
        .describe('Largest request head.'),
      headersMs: duration.default(15_000).describe('How long a request head may take to arrive.'),
      bodyMs: duration.default(60_000).describe('How long a request body may take to arrive.'),
      connections: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .default(10_000)
        .describe('Connections at the same time.'),
      inFlight: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .default(10_000)
        .describe('Requests at the same time, waiting ones included.'),
      slowClientMs: duration
        .default(60_000)
        .describe('How long a client may leave an answer unread before it is cut off.'),
      shutdownMs: duration.default(30_000).describe('How long running requests may finish after SIGTERM.'),
    })
    .prefault({})
    .describe('Limits of the gateway.'),
});

export type Config = z.infer<typeof configSchema>;
