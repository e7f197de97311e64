import { z } from 'zod';

export const filePurposes = ['batch'] as const;

const yearS = 31_536_000;

/** How long a file is kept, as OpenAI's clients say it. */
export const expiresAfter = z.strictObject({
  anchor: z.literal('created_at').describe('When the time begins.'),
  seconds: z.number().int().min(1).max(yearS).describe('How long it is kept.'),
});

/** A file as people see it. */
export const fileView = z.strictObject({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.number().int(),
  created_at: z.number().int().describe('Seconds since the epoch.'),
  expires_at: z.number().int().describe('After this it is forgotten. Seconds since the epoch.'),
  filename: z.string(),
  purpose: z.string().describe('`batch` for what was sent, `batch_output` for what batches wrote.'),
  status: z.literal('processed'),
});

export const filePage = z.strictObject({
  object: z.literal('list'),
  data: z.array(fileView),
  has_more: z.boolean(),
  first_id: z.string().optional(),
  last_id: z.string().optional(),
});

export const fileDeleted = z.strictObject({
  id: z.string(),
  object: z.literal('file'),
  deleted: z.literal(true),
});

export type FileView = z.infer<typeof fileView>;
