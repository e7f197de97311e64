/**
 * What the requests of one version came to, counted since the process began. Values are counted by bucket, see
 * `policies/release/buckets.ts`.
 */
export interface VersionDoings {
  readonly requests: number;
  /** Answered with a status of 500 and above, or not to the end. */
  readonly errors: number;
  /** Refused for what was asked: 400 to 498. */
  readonly refusals: number;
  /** Of whole answers. */
  readonly firstTokenMs: readonly number[];
  readonly totalMs: readonly number[];
  readonly answerBytes: readonly number[];
}

/** Where a release learns how its two versions do. Gateways count; who runs them tells control what they have counted. */
export interface Evidence {
  /** `template` names the version, as in the release's split. Undefined while nothing was counted. */
  read(deployment: string, template: string): VersionDoings | undefined;
}
