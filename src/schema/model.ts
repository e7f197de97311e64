import { z } from 'zod';

export const tasks = ['chat', 'completion', 'embedding'] as const;

/** A model as people speak of it; its files are the business of its versions. */
export const modelSpec = z.strictObject({
  task: z.enum(tasks).default('chat').describe('What it is for. `/v1/inference` asks it accordingly.'),
  description: z.string().max(4096).optional().describe('One or two sentences for the people who choose it.'),
});

export const modelStatus = z.strictObject({});

export type ModelSpec = z.infer<typeof modelSpec>;
