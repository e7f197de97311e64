import { problem } from '#schema';
import type { Directory, Route } from '#dispatch';
import { missingScope, sendJson, sendProblem, wrongMethod, type Exchange } from '../http/exchange.ts';

/** `root` is what serves it, where that is called otherwise. */
function toModel(id: string, { createdAt, deployment }: Route): Record<string, unknown> {
  const created = createdAt === undefined ? 0 : Math.floor(Date.parse(createdAt) / 1000);
  const root = id === deployment ? {} : { root: deployment };
  return { id, object: 'model', created, owned_by: 'millrace', ...root };
}

/** What a tenant can ask for by name: deployments, aliases, and the names that are its own. */
function modelsOf(directory: Directory, tenant: string): readonly Record<string, unknown>[] {
  const deployments = directory.routes().map((route) => route.deployment);
  const ids = new Set([...deployments, ...directory.names.known(tenant)]);
  return [...ids].toSorted().flatMap((id) => {
    const route = directory.resolve(id, tenant);
    return route === undefined ? [] : [toModel(id, route)];
  });
}

const prefix = '/v1/models/';

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `GET /v1/models` and `GET /v1/models/NAME`: what the caller can ask for. */
export function createModels(directory: Directory): (exchange: Exchange) => Promise<void> {
  return async ({ response, identity, path, method }) => {
    if (method !== 'GET' && method !== 'HEAD') {
      sendProblem(response, wrongMethod({ response, path }, 'GET, HEAD'));
      return;
    }
    const forbidden = missingScope(identity, 'infer');
    if (forbidden !== undefined) {
      sendProblem(response, forbidden);
      return;
    }
    if (path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: modelsOf(directory, identity.tenant) });
      return;
    }
    const name = decodeName(path.slice(prefix.length));
    const route = await directory.find(name, identity.tenant);
    if (route === undefined)
      sendProblem(
        response,
        problem('model_not_found', `No deployment serves the model "${name}".`, { param: 'model' }),
      );
    else sendJson(response, 200, toModel(name, route));
  };
}
