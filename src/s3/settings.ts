/** Where an S3-compatible server is, and how it is spoken to. Plain data. */
export interface S3Settings {
  /** Base URL; Amazon's own for the region when absent. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** `https://server/bucket/key` instead of `https://bucket.server/key`. */
  readonly pathStyle: boolean;
  /** When absent, they are looked for where Amazon's tools look: environment, `~/.aws`, the machine's role. */
  readonly credentials?: S3Credentials | undefined;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}
