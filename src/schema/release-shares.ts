import { z } from 'zod';

/** How the requests of a deployment were divided in the course of a release. */
export const releaseShares = z
  .array(
    z.strictObject({
      at: z.string().describe('From when on; RFC 3339.'),
      share: z.number().min(0).max(1).describe('The part of the requests that went to the new version.'),
    }),
  )
  .optional()
  .describe('Which part of the requests went to the new version, from when on, oldest first.');

/** More than a release can have steps. */
const sharesMax = 50;

type Share = NonNullable<z.infer<typeof releaseShares>>[number];

interface Divided {
  readonly split?: { readonly share: number } | undefined;
  readonly shares?: readonly Share[] | undefined;
}

/** What is to be remembered of shares once this status is written. */
export function sharesAfter({ split, shares = [] }: Divided, at: string): Share[] | undefined {
  const share = split?.share ?? 0;
  if ((shares.at(-1)?.share ?? 0) === share) return shares.length > 0 ? [...shares] : undefined;
  return [...shares, { at, share }].slice(-sharesMax);
}

interface Releasing {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly deployment: string; readonly version: string };
  readonly status?: Divided | undefined;
}

/** A version that got a part of the requests of a deployment, beside the one that it served. */
export interface Beside {
  readonly release: string;
  readonly version: string;
  readonly share: number;
}

/** What a deployment served besides its own version at a moment; undefined where that was nothing. */
export function besideAt(
  releases: readonly Releasing[],
  deployment: string,
  atMs: number,
): Beside | undefined {
  for (const { metadata, spec, status } of releases) {
    if (spec.deployment !== deployment) continue;
    const last = status?.shares?.findLast(({ at }) => Date.parse(at) <= atMs);
    // Where it is all, that is what the deployment itself serves.
    if (last !== undefined && last.share > 0 && last.share < 1)
      return { release: metadata.name, version: spec.version, share: last.share };
  }
  return undefined;
}
