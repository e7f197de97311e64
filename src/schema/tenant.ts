import { z } from 'zod';

/** A group of people who share keys, limits and a bill. */
export const tenantSpec = z.strictObject({
  description: z.string().max(4096).optional().describe('Who they are.'),
});

export const tenantStatus = z.strictObject({});

export type TenantSpec = z.infer<typeof tenantSpec>;
