import { ProblemError, type Problem } from '#schema';
import { missingScope, sendProblem, type Exchange } from '../http/exchange.ts';
import { applyRoutes } from './apply.ts';
import { createChanges } from './changes.ts';
import type { AdminDeps } from './deps.ts';
import { insightRoutes } from './insight.ts';
import { resourceRoutes } from './resources.ts';
import { createRouter } from './router.ts';
import { uploadRoutes } from './uploads.ts';

export type { AdminDeps } from './deps.ts';

/** What code that can only throw has refused. Anything else is a fault of ours: the server logs it. */
function refusalIn(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  throw thrown;
}

/**
 * Serves everything under `/api/v1/`: resources, changes, uploads and insight. Rejects only for faults of ours,
 * for the server to log and to answer with `internal`.
 */
export function createAdmin(deps: AdminDeps): (exchange: Exchange) => Promise<void> {
  const changes = createChanges(deps);
  const find = createRouter([
    ...insightRoutes(deps),
    ...applyRoutes(deps, changes),
    ...uploadRoutes(deps),
    // Last, since its `:plural` would match the words above.
    ...resourceRoutes(deps, changes),
  ]);

  async function answer(exchange: Exchange): Promise<Problem | undefined> {
    const found = find(exchange.method, exchange.path);
    if ('problem' in found) {
      if (found.allow !== '') exchange.response.setHeader('allow', found.allow);
      return found.problem;
    }
    const { route, params } = found;
    const forbidden = route.scope && missingScope(exchange.identity, route.scope);
    return forbidden ?? (await route.handle(exchange, params));
  }

  return async (exchange) => {
    const refused = await answer(exchange).catch(refusalIn);
    if (refused) sendProblem(exchange.response, refused);
  };
}
