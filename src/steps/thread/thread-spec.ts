import type { StepsSpec } from '#schema';

/** The modules of a thread, and its limits. */
export interface ThreadSpec extends StepsSpec {
  readonly score?: string | undefined;
}
