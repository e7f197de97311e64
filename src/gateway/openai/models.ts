import { problem } from '#schema';
import type { Directory, Route } from '#dispatch';
import { missingScope, sendJson, sendProblem, type Exchange } from '../http/exchange.ts';

function toModel(route: Route): Record<string, unknown> {
  const created = route.createdAt === undefined ? 0 : Math.floor(Date.parse(route.createdAt) / 1000);
  return { id: route.deployment, object: 'model', created, owned_by: 'millrace' };
}

const prefix = '/v1/models/';

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `GET /v1/models` and `GET /v1/models/NAME`: what can be asked for, one entry for each deployment. */
export function createModels(directory: Directory): (exchange: Exchange) => void {
  return ({ response, identity, path, method }) => {
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendProblem(response, problem('method_not_allowed', `${path} takes GET.`));
      return;
    }
    const forbidden = missingScope(identity, 'infer');
    if (forbidden !== undefined) {
      sendProblem(response, forbidden);
      return;
    }
    if (path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: directory.routes().map(toModel) });
      return;
    }
    const name = decodeName(path.slice(prefix.length));
    const route = directory.resolve(name);
    if (route === undefined)
      sendProblem(
        response,
        problem('model_not_found', `No deployment serves the model "${name}".`, { param: 'model' }),
      );
    else sendJson(response, 200, toModel(route));
  };
}
