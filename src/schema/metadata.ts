import { z } from 'zod';

export const apiVersion = 'millrace.dev/v1';

/** A DNS subdomain name, so that the same file is good for Kubernetes. */
export const resourceName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'use lower-case letters, digits, "-" and "."');

const textMap = z.record(z.string().max(317), z.string().max(4096));

export const metadataSchema = z.strictObject({
  name: resourceName.describe('Unique among the resources of its kind.'),
  labels: textMap.optional().describe('Short values to select by.'),
  annotations: textMap.optional().describe('Notes for people and tools.'),
  resourceVersion: z
    .string()
    .optional()
    .describe(
      'Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.',
    ),
  generation: z.number().int().optional().describe('Set by the platform; grows when `spec` changes.'),
  createdAt: z.string().optional().describe('Set by the platform; RFC 3339.'),
});

export type Metadata = z.infer<typeof metadataSchema>;
