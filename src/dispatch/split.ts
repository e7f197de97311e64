import { modelVersionLabel, templateAnnotation, type Deployment, type Release, type Replica } from '#schema';
import type { Ask } from './ask.ts';
import type { Witness } from './witness/witness.ts';

/** How the requests of a deployment are divided between its two versions. */
export interface Split {
  /** Where the candidate's requests go: the key of its route and lane. */
  readonly candidate: string;
  readonly share: number;
  readonly sticky: Release['spec']['sticky'];
  /** Who is drawn for one release need not be for the next. */
  readonly salt: string;
  /** Of a shadow: which requests the candidate is asked as well. */
  readonly shadow?: ShadowSplit | undefined;
}

export interface ShadowSplit {
  /** The part of the requests, and how many copies may be under way at once. */
  readonly copied: number;
  readonly concurrencyMax: number;
  /** Where both answers are noted. */
  readonly stable: Witness;
  readonly candidate: Witness;
}

/** FNV-1a with a last mixing, as a number in [0, 1): the same text always gives the same. */
function drawn(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

function heldBy(sticky: Split['sticky'], { key, session, user }: Ask): string | undefined {
  if (sticky === 'request') return undefined;
  return { key, session, user }[sticky];
}

/**
 * Whether a request goes to the candidate. What is sticky is drawn once and for all: a number below the share goes to
 * the candidate, so a growing share brings some over and nobody back. `chance` is in [0, 1).
 */
export function goesToCandidate({ sticky, salt, share }: Split, ask: Ask, chance: () => number): boolean {
  if (share <= 0) return false;
  const held = heldBy(sticky, ask);
  return (held === undefined ? chance() : drawn(`${salt}/${held}`)) < share;
}

/** The two versions of a deployment while a release divides its requests. */
export interface Versions {
  /** What serves under the deployment's name. */
  readonly own: { readonly replicas: readonly Replica[]; readonly deployment: Deployment };
  /** What serves the candidate's share; undefined where it has none of its own. */
  readonly candidate:
    | {
        readonly replicas: readonly Replica[];
        readonly deployment: Deployment;
        readonly split: Omit<Split, 'shadow'>;
        /** Of a shadow: the part of the requests that it is asked as well. */
        readonly copied: number;
      }
    | undefined;
}

/** No name of a deployment has such a letter. */
export function candidateKey(deployment: string): string {
  return `${deployment}#candidate`;
}

export function templateOf({ metadata }: Replica): string {
  return metadata.annotations?.[templateAnnotation] ?? '';
}

/** With all of the share the candidate serves alone, without any it does not serve at all. */
export function versionsOf(
  deployment: Deployment,
  replicas: readonly Replica[],
  release: Release | undefined,
): Versions {
  const split = release?.status?.split;
  if (release === undefined || split === undefined)
    return { own: { replicas, deployment }, candidate: undefined };
  const isCandidate = (replica: Replica): boolean => templateOf(replica) === split.candidate;
  const candidates = replicas.filter(isCandidate);
  const { version, engine = deployment.spec.engine, sticky } = release.spec;
  const next = { ...deployment, spec: { ...deployment.spec, version, engine } };
  if (split.share >= 1) return { own: { replicas: candidates, deployment: next }, candidate: undefined };
  const own = { replicas: replicas.filter((replica) => !isCandidate(replica)), deployment };
  const { copied = 0 } = split;
  if (split.share <= 0 && copied <= 0) return { own, candidate: undefined };
  return {
    own,
    candidate: {
      replicas: candidates,
      copied,
      deployment: next,
      split: {
        candidate: candidateKey(deployment.metadata.name),
        share: split.share,
        sticky,
        salt: `${release.metadata.name}/${modelVersionLabel({ model: deployment.spec.model, version })}`,
      },
    },
  };
}
