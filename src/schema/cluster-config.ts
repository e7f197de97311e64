import { z } from 'zod';

/** How this process takes part in a platform of several. */
export const clusterConfig = z
  .strictObject({
    role: z
      .enum(['all', 'gateway', 'control', 'worker'])
      .default('all')
      .describe('What this process does. Anything but `all` needs `store: postgres`.'),
    node: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/)
      .optional()
      .describe(
        'Name of this process among the others; the name of the machine and a mark of its home when absent.',
      ),
    advertise: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Address of this machine under which the others reach its replicas, without a port. They listen there in the clear: use a private network. When absent, replicas can be reached on this machine alone.',
      ),
    leaseMs: z
      .number()
      .int()
      .min(1000)
      .max(600_000)
      .default(10_000)
      .describe(
        'A process that is not heard of for so long is given up: its replicas start elsewhere, another control takes over.',
      ),
  })
  .prefault({})
  .describe('Several processes over one PostgreSQL: `millrace serve`.');
