import type { Exchange } from '../http/exchange.ts';
import { serveTable } from '../http/table.ts';
import { applyRoutes } from './apply.ts';
import { createChanges } from './changes.ts';
import type { AdminDeps } from './deps.ts';
import { insightRoutes } from './insight.ts';
import { resourceRoutes } from './resources.ts';
import { uploadRoutes } from './uploads.ts';

export type { AdminDeps } from './deps.ts';

/**
 * Serves everything under `/api/v1/`: resources, changes, uploads and insight. Rejects only for faults of ours,
 * for the server to log and to answer with `internal`.
 */
export function createAdmin(deps: AdminDeps): (exchange: Exchange) => Promise<void> {
  const changes = createChanges(deps);
  return serveTable([
    ...insightRoutes(deps),
    ...applyRoutes(deps, changes),
    ...uploadRoutes(deps),
    // Last, since its `:plural` would match the words above.
    ...resourceRoutes(deps, changes),
  ]);
}
