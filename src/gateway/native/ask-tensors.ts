import type { Result } from '#contracts';
import { sendProblem, type Exchange } from '../http/exchange.ts';
import type { Wishes } from '../http/onward.ts';
import { unreadable, type Reply } from '../replies/collect-reply.ts';
import { askWhole, logEnd, type TranslatingDeps } from '../replies/translated-ask.ts';
import { tellAnswerer } from '../replies/tell-answerer.ts';
import { binaryAsked, tensorAnswer, tensorEndpoint, tensorRefusal, type TensorQuestion } from './tensors.ts';
import { toldOf } from './told.ts';

export interface TensorAsking {
  readonly exchange: Exchange;
  readonly wishes: Wishes;
  readonly startedMs: number;
  readonly question: TensorQuestion;
}

function answerWith(response: Exchange['response'], body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function finish(deps: TranslatingDeps, asking: TensorAsking, collected: Result<Reply>): void {
  const { exchange, startedMs } = asking;
  const { response, requestId } = exchange;
  if (!collected.ok) {
    sendProblem(response, collected.problem);
    return;
  }
  const { head, chosen, body } = collected.value;
  tellAnswerer(response, collected.value);
  if (head.status >= 400) sendProblem(response, tensorRefusal(head, body));
  else if (head.jsonBytes !== undefined) sendProblem(response, binaryAsked);
  else {
    const answer = tensorAnswer(body, toldOf(deps.clock, { requestId, chosen, startedMs }));
    if (answer === undefined) sendProblem(response, unreadable);
    else answerWith(response, answer);
  }
}

/** Asks an engine of the Open Inference Protocol; its tensors pass as the bytes they are. */
export function askTensors(deps: TranslatingDeps, asking: TensorAsking): void {
  const { exchange, wishes, question } = asking;
  logEnd(deps, exchange, { endpoint: '/v1/inference', model: question.model });
  askWhole(deps, { exchange, wishes, endpoint: tensorEndpoint, ...question }, (collected) => {
    finish(deps, asking, collected);
  });
}
