import { z } from 'zod';

const urlsMax = 256;

/** Addresses of endpoints that already run: of one deployment, or of a version that is tried beside it. */
export const urls = z
  .array(z.url({ protocol: /^https?$/ }))
  .min(1)
  .max(urlsMax)
  .refine((list) => new Set(list).size === list.length, { message: 'name every address once' })
  .optional()
  .describe(
    'For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.',
  );

export const startsAtAddresses = z
  .array(
    z.strictObject({
      address: z.string().describe('Which of `spec.engine.urls`.'),
      template: z.string().describe('Of which version: the template of its replica.'),
      restarts: z.number().int().describe('As `restarts` of the deployment; each address has its own.'),
      nextStartAt: z.string().optional().describe('When its next attempt is made; RFC 3339.'),
      message: z.string().optional().describe('Why it fails.'),
    }),
  )
  .optional()
  .describe('With `spec.engine.urls`: addresses that fail, and when they are tried again.');

interface EngineWithUrls {
  readonly options: Readonly<Record<string, unknown>>;
  readonly urls?: readonly string[] | undefined;
}

/** The options of the engine as the replica at `address` has them; the first one's where none is asked for. */
export function engineOptions(
  { options, urls: addresses }: EngineWithUrls,
  address = addresses?.[0],
): Readonly<Record<string, unknown>> {
  return address === undefined ? options : { ...options, url: address };
}

interface Counted {
  readonly engine: Pick<EngineWithUrls, 'urls'>;
  readonly replicas: { readonly min: number };
}

/** How many replicas there should be where nothing scales them. */
export function replicasWanted({ engine, replicas }: Counted): number {
  return engine.urls?.length ?? replicas.min;
}
