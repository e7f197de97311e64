import { z } from 'zod';
import { openaiEndpoints } from './endpoints.ts';
import { priorities } from './priority.ts';
import { taskStates } from './task.ts';

/** Endpoints whose requests may be lines of a batch: what is asked and answered is JSON. */
export const batchEndpoints = [...openaiEndpoints, '/v1/inference', '/v1/messages'] as const;

/** Endpoints whose requests may be handed in as tasks. */
export const taskEndpoints = [...batchEndpoints, '/v2/models/infer'] as const;
export type TaskEndpoint = (typeof taskEndpoints)[number];

export function isTaskEndpoint(path: string): path is TaskEndpoint {
  return (taskEndpoints as readonly string[]).includes(path);
}

/** A year: longer is no time of a task. */
export const taskTimeMaxS = 31_536_000;
const seconds = z.number().min(0).max(taskTimeMaxS);

/** What a caller calls a request of theirs, so that it is the same one however often it is sent. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters');

/** `POST /v1/tasks`: a request that is run later, to an end that can be seen. */
export const taskRequest = z.strictObject({
  model: z.string().min(1).max(512).describe('A deployment, a model, or `model@version`.'),
  endpoint: z
    .enum(taskEndpoints)
    .default('/v1/chat/completions')
    .describe(
      'The request endpoint that would have been asked; `/v2/models/infer` is that of the Open Inference Protocol, for any model.',
    ),
  body: z
    .record(z.string(), z.unknown())
    .describe('What would have been sent there, as JSON; `model` may be left out.'),
  priority: z.enum(priorities).default('standard').describe('The more urgent go first.'),
  delay_s: seconds.optional().describe('Not before so many seconds from now.'),
  deadline_s: seconds
    .min(1)
    .optional()
    .describe(
      'Not after so many seconds from now: it then ends as `expired`. Else as configured, from the end of its delay on.',
    ),
  ttl_s: seconds.optional().describe('For how long the result is kept after the end. Else as configured.'),
  attempts: z.number().int().min(1).max(100).optional().describe('Tries at most. Else as configured.'),
  webhook: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional()
    .describe('Hears of the end, signed as Standard Webhooks say.'),
  session: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'What belongs together: best answered by one replica, and by one version during a release. Also as the header `x-session-id`.',
    ),
  idempotency_key: idempotencyKey
    .optional()
    .describe(
      'The same key brings the same task again. Also as the header `idempotency-key`, which for a list stands for each of its places.',
    ),
});

/** Many tasks, all or none. */
export const taskRequests = z.strictObject({ tasks: z.array(taskRequest).min(1).max(1000) });

const faultView = z.strictObject({ code: z.string(), message: z.string() });

export const taskView = z.strictObject({
  task_id: z.string(),
  object: z.literal('task'),
  status: z.enum(taskStates).describe('`queued`, `leased` and `running` are to come; the others are ends.'),
  model: z.string(),
  endpoint: z.string(),
  priority: z.enum(priorities),
  created_at: z.string().describe('RFC 3339.'),
  due_at: z.string().optional().describe('Where it waits until then.'),
  started_at: z.string().optional().describe('When the newest attempt began.'),
  ended_at: z.string().optional(),
  expires_at: z.string().describe('Its deadline.'),
  kept_until: z.string().optional().describe('After this it is forgotten.'),
  attempts: z.number().int().describe('Begun so far.'),
  attempts_max: z.number().int(),
  progress: z
    .strictObject({
      chunks: z.number().int().describe('Pieces of a streamed answer: tokens, for language models.'),
      bytes: z.number().int(),
    })
    .optional(),
  error: faultView.optional().describe('Why it did not succeed, or why it waits for another attempt.'),
  history: z
    .array(
      z.strictObject({
        attempt: z.number().int(),
        started_at: z.string(),
        ended_at: z.string(),
        outcome: z.string(),
        error: faultView.optional(),
      }),
    )
    .describe('The newest attempts.'),
  webhook: z.string().optional(),
  urls: z.strictObject({ self: z.string(), events: z.string(), result: z.string() }),
});

export type TaskRequest = z.infer<typeof taskRequest>;
export type TaskView = z.infer<typeof taskView>;
