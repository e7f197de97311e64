import { z } from 'zod';
import { resourceName } from './metadata.ts';

/** Another name for a deployment, changed at once and for the very next request: `chat-prod`. */
export const aliasSpec = z.strictObject({
  deployment: resourceName.describe('The Deployment that answers under this name.'),
  description: z.string().max(4096).optional().describe('What the name promises to those who use it.'),
});

export const aliasStatus = z.strictObject({});

export type AliasSpec = z.infer<typeof aliasSpec>;
