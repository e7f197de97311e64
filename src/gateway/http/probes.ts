import type { ServerResponse } from 'node:http';
import { problem } from '#schema';
import type { Meters } from '#contracts';
import { sendJson, sendProblem } from './exchange.ts';

export const probePaths: ReadonlySet<string> = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/v2/health/live',
  '/v2/health/ready',
]);

/** What anybody may ask without a key: whether we live, whether we can serve, and how we are doing. */
export function createProbes(
  meters: Meters,
  isReady: () => boolean,
): (path: string, response: ServerResponse) => Promise<void> {
  return async (path, response) => {
    if (path === '/healthz') sendJson(response, 200, { status: 'ok' });
    else if (path === '/v2/health/live') sendJson(response, 200, { live: true });
    else if (path === '/v2/health/ready') sendJson(response, isReady() ? 200 : 503, { ready: isReady() });
    else if (path === '/metrics') {
      const text = await meters.exposition();
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(text);
    } else if (isReady()) sendJson(response, 200, { status: 'ready' });
    else sendProblem(response, problem('shutting_down'));
  };
}
