import { ProblemError, type Problem } from '#schema';
import { createRouter, type Route } from './router.ts';
import { missingScope, sendProblem, type Exchange } from './exchange.ts';

type Serve = (exchange: Exchange) => Promise<void>;

/** Answers what was refused by throwing; anything else is a fault of ours, for the server to log. */
function guarded(work: (exchange: Exchange) => Promise<Problem | undefined>): Serve {
  return async (exchange) => {
    const refused = await work(exchange).catch((thrown: unknown) => {
      if (thrown instanceof ProblemError) return thrown.problem;
      throw thrown;
    });
    if (refused) sendProblem(exchange.response, refused);
  };
}

/** Serves what a table of routes says, to keys that may. */
export function serveTable(routes: readonly Route[]): Serve {
  const find = createRouter(routes);
  return guarded(async (exchange) => {
    const found = find(exchange.method, exchange.path);
    if ('problem' in found) {
      if (found.allow !== '') exchange.response.setHeader('allow', found.allow);
      return found.problem;
    }
    const { route, params } = found;
    const forbidden = route.scope && missingScope(exchange.identity, route.scope);
    return forbidden ?? (await route.handle(exchange, params));
  });
}
