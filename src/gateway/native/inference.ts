import {
  fit,
  inferenceRequest,
  type InferenceRequest,
  type InferenceResponse,
  type ModelSpec,
  type Problem,
} from '#schema';
import type { Result } from '#contracts';
import type { Chosen, Directory } from '#dispatch';
import {
  missingScope,
  parseJson,
  readBody,
  sendJson,
  sendProblem,
  wrongMethod,
  type Exchange,
} from '../http/exchange.ts';
import { headersOf, readWishes, type Wishes } from '../http/onward.ts';
import { retryAfterOf } from '../http/retry-after.ts';
import { unreadable, type Reply } from '../replies/collect-reply.ts';
import {
  askStream,
  askWhole,
  logEnd,
  type TranslatedAsk,
  type TranslatingDeps,
} from '../replies/translated-ask.ts';
import { tellAnswerer } from '../replies/tell-answerer.ts';
import { answerReaders, type Answer } from './answers.ts';
import { askTensors } from './ask-tensors.ts';
import { createInferenceEvents } from './inference-events.ts';
import { translateQuestion } from './questions.ts';
import { readTensorQuestion, tensorsIn } from './tensors.ts';
import { toldOf } from './told.ts';

export interface InferenceDeps extends TranslatingDeps {
  readonly directory: Directory;
}

/** One question on its way: what was asked, of what kind of model, and when. */
interface Asking {
  readonly exchange: Exchange;
  readonly request: InferenceRequest;
  readonly task: ModelSpec['task'];
  readonly startedMs: number;
  readonly wishes: Wishes;
  /** Log probabilities give the confidence; left out once an engine has refused them. */
  readonly withLogprobs: boolean;
}

/** The engine's refusal of log probabilities: ask again without, rather than fail a request that did not want them. */
function refusesLogprobs(status: number, body: Buffer): boolean {
  return status === 400 && body.includes('logprobs');
}

function toAsk({ exchange, wishes, request, task, withLogprobs }: Asking): TranslatedAsk {
  return { exchange, wishes, model: request.model, ...translateQuestion(request, task, withLogprobs) };
}

function toResponse(
  deps: InferenceDeps,
  asking: Asking,
  given: { chosen: Chosen; answer: Answer },
): InferenceResponse {
  const { chosen, answer } = given;
  const { exchange, startedMs } = asking;
  const { timing, ...who } = toldOf(deps.clock, { requestId: exchange.requestId, chosen, startedMs });
  return { ...who, ...answer, timing };
}

function readAnswer(task: ModelSpec['task'], body: Buffer): Answer | undefined {
  try {
    return answerReaders[task](JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Hands a refusal of the engine on, unless it is only about log probabilities, which nobody asked for. */
function passRefusal(asking: Asking, { head, chosen, body }: Reply, again: () => void): void {
  const { response } = asking.exchange;
  if (asking.withLogprobs && refusesLogprobs(head.status, body)) {
    again();
    return;
  }
  tellAnswerer(response, { head, chosen });
  const retryAfter = retryAfterOf(head);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  response.writeHead(head.status, { 'content-type': head.contentType ?? 'application/json' });
  response.end(body);
}

function finish(deps: InferenceDeps, asking: Asking, collected: Result<Reply>): void {
  const { response } = asking.exchange;
  if (!collected.ok) {
    sendProblem(response, collected.problem);
    return;
  }
  const { head, chosen, body } = collected.value;
  if (head.status >= 400) {
    passRefusal(asking, collected.value, () => {
      ask(deps, { ...asking, withLogprobs: false });
    });
    return;
  }
  const answer = readAnswer(asking.task, body);
  tellAnswerer(response, collected.value);
  if (answer === undefined) sendProblem(response, unreadable);
  else sendJson(response, 200, toResponse(deps, asking, { chosen, answer }));
}

function ask(deps: InferenceDeps, asking: Asking): void {
  askWhole(deps, toAsk(asking), (collected) => {
    finish(deps, asking, collected);
  });
}

function stream(deps: InferenceDeps, asking: Asking): void {
  askStream(deps, toAsk(asking), {
    translation: createInferenceEvents((chosen, answer) => toResponse(deps, asking, { chosen, answer })),
    sendProblem,
    refused(reply) {
      passRefusal(asking, reply, () => {
        stream(deps, { ...asking, withLogprobs: false });
      });
    },
  });
}

interface Question {
  readonly body: Buffer;
  readonly wishes: Wishes;
}

async function readQuestion(exchange: Exchange, bodyBytesMax: number): Promise<Result<Question>> {
  const refusal: Problem | undefined =
    missingScope(exchange.identity, 'infer') ??
    (exchange.method === 'POST' ? undefined : wrongMethod(exchange, 'POST'));
  if (refusal !== undefined) return { ok: false, problem: refusal };
  const wishes = readWishes(headersOf(exchange.request));
  if (!wishes.ok) return wishes;
  const body = await readBody(exchange.request, bodyBytesMax);
  return body.ok ? { ok: true, value: { body: body.value, wishes: wishes.value } } : body;
}

type Begun = Pick<Asking, 'exchange' | 'startedMs' | 'wishes'>;

function askInWords(deps: InferenceDeps, begun: Begun, body: Buffer): Problem | undefined {
  const { exchange } = begun;
  const value = parseJson(body);
  const parsed = value.ok ? fit(inferenceRequest, value.value) : value;
  if (!parsed.ok) return parsed.problem;
  const request = parsed.value;
  const task = deps.directory.resolve(request.model, exchange.identity.tenant)?.task ?? 'chat';
  const asking: Asking = { ...begun, request, task, withLogprobs: true };
  logEnd(deps, exchange, { endpoint: '/v1/inference', model: request.model });
  if (request.stream === true && task !== 'embedding') stream(deps, asking);
  else ask(deps, asking);
  return undefined;
}

/** In words or in tensors; gives the problem where it cannot be asked. */
function begin(deps: InferenceDeps, begun: Begun, body: Buffer): Problem | undefined {
  const tensors = tensorsIn(body);
  if (tensors === undefined) return askInWords(deps, begun, body);
  const question = readTensorQuestion(tensors);
  if (!question.ok) return question.problem;
  askTensors(deps, { ...begun, question: question.value });
  return undefined;
}

/** `POST /v1/inference`: one plain question, whatever the model is for. */
export function createInference(deps: InferenceDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const startedMs = deps.clock.monotonicMs();
    const question = await readQuestion(exchange, deps.bodyBytesMax);
    const refused = question.ok
      ? begin(deps, { exchange, startedMs, wishes: question.value.wishes }, question.value.body)
      : question.problem;
    if (refused !== undefined) sendProblem(exchange.response, refused);
  };
}
