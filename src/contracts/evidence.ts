import type { CountedGate, ValueGate } from '#schema';

/** Requests, and how many of them were bad. */
export interface Counted {
  readonly requests: number;
  readonly bad: number;
}

/** How the answers of a shadow compare with those that were given. */
export interface Alike {
  readonly copied: number;
  /** Of those, the ones whose answer should always be the same. */
  readonly fixed: number;
  readonly equal: number;
}

/**
 * What the requests of one version came to, by gate, counted since the process began. Values are counted by bucket, see
 * `policies/release/buckets.ts`, greater being worse.
 */
export interface VersionDoings {
  readonly counts: Readonly<Record<CountedGate, Counted>>;
  readonly values: Readonly<Record<ValueGate, readonly number[]>>;
  readonly alike: Alike;
}

/** Where a release learns how its two versions do. Gateways count; who runs them tells control what they have counted. */
export interface Evidence {
  /** `template` names the version, as in the release's split. Undefined while nothing was counted. */
  read(deployment: string, template: string): VersionDoings | undefined;
}
