import { z } from 'zod';

const dayMs = 86_400_000;
const long = z
  .number()
  .int()
  .min(1000)
  .max(365 * dayMs);

/** How durable tasks are treated. */
export const taskConfig = z
  .strictObject({
    concurrency: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(16)
      .describe('Tasks this process works on at the same time; 0 leaves them to others.'),
    leaseMs: z
      .number()
      .int()
      .min(1000)
      .max(3_600_000)
      .default(30_000)
      .describe('After how long a worker that is not heard of loses its task.'),
    attempts: z.number().int().min(1).max(100).default(5).describe('Tries of one task at most.'),
    deadlineMs: long.default(dayMs).describe('How long a task may take from submission to end.'),
    keepMs: long.default(dayMs).describe('How long tasks and results are kept after their end.'),
    unfinishedMax: z
      .number()
      .int()
      .min(1)
      .default(1_000_000)
      .describe('Tasks of one tenant that may wait or run at the same time.'),
    webhooks: z
      .strictObject({
        allowPrivate: z
          .boolean()
          .default(false)
          .describe(
            'Deliver also to private addresses and without TLS. Tasks could then reach what only this machine should.',
          ),
        secretEnv: z
          .string()
          .min(1)
          .default('MILLRACE_WEBHOOK_SECRET')
          .describe(
            'Name of the environment variable with the secret that the signing secrets of tenants are made from; else one is kept in the home directory.',
          ),
      })
      .prefault({})
      .describe('Deliveries that tell of ends.'),
  })
  .prefault({})
  .describe('Durable tasks.');
