/** How many tasks of lane `request` a tenant may have running at the same time. */
export interface TaskLimits {
  /** Undefined: as many as there are places. */
  runningMaxOf(tenant: string): number | undefined;
  /** Tenants that have such a limit. */
  limited(): readonly string[];
}
