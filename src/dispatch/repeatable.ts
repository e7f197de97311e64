import type { EndpointPath } from '#schema';
import type { Ask } from './ask.ts';
import type { Route } from './route.ts';

/** Asked twice, these answer the same and leave nothing behind. */
const idempotent: ReadonlySet<EndpointPath> = new Set([
  '/v1/embeddings',
  '/v2/models/infer',
  '/v2/models/metadata',
]);

/** Whether doing the work twice does no harm, as the deployment sees it. */
export function isRepeatable({ endpoint }: Ask, { resilience }: Route): boolean {
  const { repeat } = resilience.retries;
  return repeat === 'always' || (repeat === 'idempotent' && idempotent.has(endpoint));
}
