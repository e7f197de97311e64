import { z } from 'zod';

const count = z.number().int().min(0).max(1_000_000_000);

/** How many durable tasks a tenant may have. */
export const tenantTasks = z
  .strictObject({
    unfinishedMax: count
      .optional()
      .describe(
        'Tasks that may wait or run at the same time; more are refused with 429. Else `tasks.unfinishedMax`.',
      ),
    runningMax: count
      .min(1)
      .optional()
      .describe(
        'Tasks that may run at the same time, over all workers; more wait. Else as many as there are places.',
      ),
  })
  .optional()
  .describe('Limits of its durable tasks.');

export type TenantTasks = NonNullable<z.infer<typeof tenantTasks>>;
