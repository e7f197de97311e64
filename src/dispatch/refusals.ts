import { problem, type Problem } from '#schema';
import type { Admission } from '#policies';
import type { Route } from './route.ts';

function seconds(ms: number): string {
  return ms < 1000 ? 'less than a second' : `about ${Math.ceil(ms / 1000)} s`;
}

function loadingMessage({ deployment, condition }: Route): string {
  const { fraction, remainingMs } = condition.loading ?? {};
  const done = fraction === undefined ? '' : `: ${Math.floor(fraction * 100)} % done`;
  const left = remainingMs === undefined ? '' : `, ${seconds(remainingMs)} left`;
  return `The model behind "${deployment}" is still loading${done}${left}. Try again then.`;
}

function unavailableMessage({ deployment, condition }: Route): string {
  if (condition.wantedReplicas === 0)
    return `"${deployment}" is scaled to zero. Start it with \`millrace scale ${deployment} 1\`.`;
  return `No replica of "${deployment}" is running: ${condition.message ?? 'none could be started yet'}.`;
}

/** The sentence for a caller whose request is not taken. */
export function refusal(route: Route, admission: Extract<Admission, { kind: 'refuse' }>): Problem {
  const { code, retryAfterMs } = admission;
  const details = { retryAfterMs: retryAfterMs ?? 1000 };
  if (code === 'model_loading') return problem(code, loadingMessage(route), details);
  if (code === 'model_unavailable') return problem(code, unavailableMessage(route), details);
  return problem(
    code,
    `${route.limits.queueDepthMax} requests are already waiting for "${route.deployment}".`,
    details,
  );
}

export function unknownModel(model: string, routes: readonly Route[]): Problem {
  const names = routes.slice(0, 10).map((route) => route.deployment);
  const known = names.length === 0 ? 'Nothing is deployed yet' : `There are: ${names.join(', ')}`;
  return problem('model_not_found', `No deployment serves the model "${model}". ${known}.`, {
    param: 'model',
  });
}
