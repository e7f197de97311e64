import { problem, type EndpointPath, type Problem } from '#schema';
import type { Admission, WorkAdmission } from '#policies';
import type { Ask } from './ask.ts';
import type { Directory } from './directory.ts';
import type { Route } from './route.ts';

function seconds(ms: number): string {
  return ms < 1000 ? 'less than a second' : `about ${Math.ceil(ms / 1000)} s`;
}

function loadingMessage({ deployment, condition }: Route, remainingMs: number | undefined): string {
  const { fraction } = condition.loading ?? {};
  const done = fraction === undefined ? '' : `: ${Math.floor(fraction * 100)} % done`;
  const left = remainingMs === undefined ? '' : `, ${seconds(remainingMs)} left`;
  return `The model behind "${deployment}" is still loading${done}${left}. Try again then.`;
}

function unavailableMessage({ deployment, condition }: Route): string {
  if (condition.wantedReplicas === 0)
    return `"${deployment}" is scaled to zero. Start it with \`millrace scale ${deployment} 1\`.`;
  return `No replica of "${deployment}" is running: ${condition.message ?? 'none could be started yet'}.`;
}

/** The sentence for a caller whose request the queue does not take. */
export function queueRefusal(route: Route, admission: Extract<Admission, { kind: 'refuse' }>): Problem {
  const { code, retryAfterMs } = admission;
  const details = { retryAfterMs: Math.ceil(retryAfterMs ?? 1000) };
  if (code === 'model_loading') return problem(code, loadingMessage(route, retryAfterMs), details);
  if (code === 'model_unavailable') return problem(code, unavailableMessage(route), details);
  return problem(
    code,
    `${route.limits.queueDepthMax} requests are already waiting for "${route.deployment}".`,
    details,
  );
}

/** Of a request that a replica took and did not begin to answer. */
export function answerOverdue(deployment: string, answerMs: number): Problem {
  const message = `A replica of "${deployment}" was asked and did not begin to answer within ${answerMs} ms (limits.answerMs).`;
  return problem('deadline_exceeded', message);
}

/** Of a request that would wait too long; `own`: for what its own tenant has waiting. */
export function workRefusal(
  { deployment }: Route,
  { code, retryAfterMs }: Extract<WorkAdmission, { kind: 'refuse' }>,
  own: boolean,
): Problem {
  if (code === 'too-late')
    return problem('deadline_exceeded', `"${deployment}" takes longer for this than its deadline allows.`);
  const details = { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) };
  if (own)
    return problem(
      'rate_limited',
      `Your tenant has its share of what waits for "${deployment}" already.`,
      details,
    );
  return problem('overloaded', `More work waits for "${deployment}" than can be done in time.`, details);
}

/** Of a request that made room for one of somebody who had less waiting. */
export function pushedOut({ deployment }: Route, retryAfterMs: number | undefined): Problem {
  const message = `The queue of "${deployment}" is full, and your tenant had the most waiting.`;
  return problem('rate_limited', message, { retryAfterMs: Math.ceil(retryAfterMs ?? 1000) });
}

export function unservedEndpoint({ deployment, endpoints }: Route, endpoint: EndpointPath): Problem {
  return problem(
    'unsupported_endpoint',
    `"${deployment}" does not serve ${endpoint}. What runs it serves ${endpoints.join(', ')}.`,
    { param: 'model' },
  );
}

/** Of a request for what nobody serves; says what would be served instead. */
export function unknownModel(
  { model, tenant }: Pick<Ask, 'model' | 'tenant'>,
  { routes, names }: Pick<Directory, 'routes' | 'names'>,
): Problem {
  const meant = names.meant(model, tenant);
  const others = routes().filter((route) => route.model === meant.split('@')[0]);
  const served =
    others.length > 0 ? [...new Set(others.map((one) => one.label))] : routes().map((one) => one.deployment);
  const known =
    served.length === 0 ? 'Nothing is deployed yet' : `There are: ${served.slice(0, 10).join(', ')}`;
  const what = meant === model ? `"${model}"` : `"${meant}", which "${model}" stands for`;
  return problem('model_not_found', `No deployment serves the model ${what}. ${known}.`, { param: 'model' });
}
