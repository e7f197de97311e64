import { z } from 'zod';
import { resourceName } from './metadata.ts';
import { highestPriority, shareWeight } from './share.ts';

export const scopes = ['infer', 'read', 'write', 'admin'] as const;

/**
 * An API key. Only its hash is kept: the secret is shown once, by the answer that created it.
 * The secret has 256 random bits, so one SHA-256 is enough: there is nothing to guess.
 */
export const keySpec = z.strictObject({
  tenant: resourceName.default('default').describe('The Tenant that requests with this key belong to.'),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .default(['infer'])
    .describe(
      '`infer`: use models. `read`: see resources. `write`: change models and deployments. `admin`: all, keys included.',
    ),
  priority: highestPriority,
  weight: shareWeight,
  expiresAt: z.iso.datetime().optional().describe('After this it is refused; RFC 3339 in UTC.'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('SHA-256 of the secret. Leave it out: a secret is then made and shown once.'),
});

export const keyStatus = z.strictObject({});

export type Scope = (typeof scopes)[number];
export type KeySpec = z.infer<typeof keySpec>;
