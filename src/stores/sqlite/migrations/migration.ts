/** One step of the database's schema. Never edited once released: a later step mends it. */
export interface Migration {
  /** The schema version it leads to: one more than the step before. */
  readonly version: number;
  readonly sql: string;
}
