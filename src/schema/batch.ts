import { z } from 'zod';
import { expiresAfter } from './file.ts';
import { batchEndpoints } from './task-request.ts';

/** `POST /v1/batches`: every line of a file as a request of its own. */
export const batchRequest = z.strictObject({
  input_file_id: z
    .string()
    .min(1)
    .max(128)
    .describe('A file with purpose `batch`: one request on each line.'),
  endpoint: z.enum(batchEndpoints).describe('Where its requests go; each line names it as its `url`.'),
  completion_window: z
    .string()
    .regex(/^\d{1,4}[mhd]$/, 'must be a duration such as 24h, 90m or 7d')
    .describe(
      'What has not been answered by then ends unanswered: `24h`, or another number of `m`, `h` or `d`.',
    ),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((given) => Object.keys(given).length <= 16, 'may have 16 entries')
    .nullish()
    .describe('What you want to find again in the batch.'),
  output_expires_after: expiresAfter.optional().describe('How long its files are kept. Else as configured.'),
});

export const batchStatuses = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;

const epoch = z.number().int().nullish();

export const batchView = z.strictObject({
  id: z.string(),
  object: z.literal('batch'),
  endpoint: z.string(),
  input_file_id: z.string(),
  completion_window: z.string(),
  status: z.enum(batchStatuses),
  output_file_id: z.string().nullish().describe('The answers, one on each line.'),
  error_file_id: z.string().nullish().describe('What was not answered, and why, one on each line.'),
  errors: z
    .strictObject({
      object: z.literal('list'),
      data: z.array(
        z.strictObject({
          code: z.string(),
          message: z.string(),
          param: z.string().nullish(),
          line: z.number().int().nullish(),
        }),
      ),
    })
    .nullish()
    .describe('Why it failed as a whole.'),
  created_at: z.number().int().describe('Seconds since the epoch, as all times here.'),
  in_progress_at: epoch,
  expires_at: epoch.describe('When its completion window ends.'),
  completed_at: epoch,
  failed_at: epoch,
  expired_at: epoch,
  cancelling_at: epoch,
  cancelled_at: epoch,
  request_counts: z.strictObject({
    total: z.number().int(),
    completed: z.number().int(),
    failed: z.number().int(),
  }),
  metadata: z.record(z.string(), z.string()).nullish(),
});

export const batchPage = z.strictObject({
  object: z.literal('list'),
  data: z.array(batchView),
  has_more: z.boolean(),
  first_id: z.string().optional(),
  last_id: z.string().optional(),
});

export type BatchRequest = z.infer<typeof batchRequest>;
export type BatchView = z.infer<typeof batchView>;
