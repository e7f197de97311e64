import { z } from 'zod';
import { shareWeight } from './share.ts';

/** A group of people who share keys, limits and a bill. */
export const tenantSpec = z.strictObject({
  description: z.string().max(4096).optional().describe('Who they are.'),
  weight: shareWeight,
});

export const tenantStatus = z.strictObject({});

export type TenantSpec = z.infer<typeof tenantSpec>;
