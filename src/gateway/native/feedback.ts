import { feedbackRequest, fit, isBadFeedback, problem, type FeedbackRequest, type Problem } from '#schema';
import type { Clock, FeedbackLog, Result } from '#contracts';
import { rate, type Answerer, type Directory, type Rating } from '#dispatch';
import {
  missingScope,
  readJson,
  sendJson,
  sendProblem,
  wrongMethod,
  type Exchange,
} from '../http/exchange.ts';

export interface FeedbackDeps {
  readonly directory: Pick<Directory, 'answered' | 'evidence'>;
  readonly feedback: FeedbackLog;
  readonly clock: Clock;
  /** Counts a rating where another process has given the answer; resolves with who gave it, if anybody knows. */
  readonly rateElsewhere?:
    | ((rating: Rating) => Promise<Pick<Answerer, 'deployment' | 'model'> | undefined>)
    | undefined;
}

const bodyBytesMax = 512 * 1024;

async function readFeedback(exchange: Exchange): Promise<Result<FeedbackRequest>> {
  const refusal: Problem | undefined =
    missingScope(exchange.identity, 'infer') ??
    (exchange.method === 'POST' ? undefined : wrongMethod(exchange, 'POST'));
  if (refusal !== undefined) return { ok: false, problem: refusal };
  const body = await readJson(exchange.request, bodyBytesMax);
  return body.ok ? fit(feedbackRequest, body.value) : body;
}

const unknown = problem('not_found', 'No answer with this "request_id" is known here, or not any more.', {
  param: 'request_id',
});

/** `POST /v1/feedback`: kept with the version that answered, and counted while that is compared with another. */
export function createFeedback({
  directory,
  feedback,
  clock,
  rateElsewhere,
}: FeedbackDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { response, identity } = exchange;
    const given = await readFeedback(exchange);
    if (!given.ok) {
      sendProblem(response, given.problem);
      return;
    }
    const { request_id: requestId, ...said } = given.value;
    const { tenant, key } = identity;
    const rating = { tenant, requestId, isBad: isBadFeedback(said) };
    const here = directory.answered.find(tenant, requestId);
    const answerer = here ?? (await rateElsewhere?.(rating));
    if (answerer === undefined) {
      sendProblem(response, unknown);
      return;
    }
    const { deployment, model } = answerer;
    const at = new Date(clock.nowMs()).toISOString();
    await feedback.append({ at, requestId, tenant, key, deployment, model, ...said });
    if (here !== undefined) rate(directory, here, rating);
    sendJson(response, 200, { request_id: requestId, model });
  };
}
