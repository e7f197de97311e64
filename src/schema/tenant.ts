import { z } from 'zod';
import { shareWeight } from './share.ts';
import { tenantTasks } from './tenant-tasks.ts';

const modelsMax = 1000;
const modelName = z.string().min(1).max(317);

/** A group of people who share keys, limits and a bill. */
export const tenantSpec = z.strictObject({
  description: z.string().max(4096).optional().describe('Who they are.'),
  weight: shareWeight,
  tasks: tenantTasks,
  models: z
    .record(modelName, modelName)
    .refine((names) => Object.keys(names).length <= modelsMax, `may hold at most ${modelsMax} names`)
    .optional()
    .describe(
      'What they get for a name, where it is not what everybody gets: `chat: chat@2` or `chat: chat-eu`. A deployment, an alias, or `model@version`.',
    ),
});

export const tenantStatus = z.strictObject({});

export type TenantSpec = z.infer<typeof tenantSpec>;
