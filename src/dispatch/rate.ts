import type { Directory } from './directory.ts';
import type { Answerer } from './answered.ts';
import { countBad } from './evidence.ts';

/** What somebody thinks of an answer, as far as the comparison of versions is concerned. */
export interface Rating {
  readonly tenant: string;
  readonly requestId: string;
  readonly isBad: boolean;
}

/** Counts it for the version that answered, once for each answer, while that is compared with another. */
export function rate(
  { answered, evidence }: Pick<Directory, 'answered' | 'evidence'>,
  { deployment, template }: Answerer,
  { tenant, requestId, isBad }: Rating,
): void {
  const counters = evidence.find(deployment, template);
  if (answered.markRated(tenant, requestId) && counters !== undefined) countBad(counters, 'feedback', isBad);
}
