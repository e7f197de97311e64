import {
  inferenceRequest,
  problem,
  type InferenceRequest,
  type InferenceResponse,
  type ModelSpec,
  type Problem,
} from '#schema';
import type { Result } from '#contracts';
import type { Chosen, Directory } from '#dispatch';
import { missingScope, readJson, sendJson, sendProblem, type Exchange } from '../http/exchange.ts';
import { headersOf, readWishes, type Wishes } from '../http/onward.ts';
import { unreadable, type Reply } from '../replies/collect-reply.ts';
import {
  askStream,
  askWhole,
  logEnd,
  type TranslatedAsk,
  type TranslatingDeps,
} from '../replies/translated-ask.ts';
import { answerReaders, type Answer } from './answers.ts';
import { createInferenceEvents } from './inference-events.ts';
import { translateQuestion } from './questions.ts';

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

function parseRequest(value: unknown): Result<InferenceRequest> {
  if (typeof value === 'object' && value !== null && 'inputs' in value) {
    const message = 'Tensors (`inputs`) go to /v2/models/NAME/infer; here send `input_text`.';
    return { ok: false, problem: problem('unsupported_parameter', message, { param: 'inputs' }) };
  }
  const parsed = inferenceRequest.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const param = issue?.path.join('.') ?? '';
  return {
    ok: false,
    problem: problem('invalid_request', `${param === '' ? 'body' : param}: ${issue?.message ?? 'invalid'}`, {
      param,
    }),
  };
}

/** `@version` of the label of who answered. */
function versionOf(chosen: Chosen): string {
  return chosen.model.slice(chosen.model.lastIndexOf('@') + 1);
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
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
  return {
    id: asking.exchange.requestId,
    model: chosen.deployment,
    version: versionOf(chosen),
    ...answer,
    timing: {
      queue_ms: roundMs(chosen.queueMs),
      total_ms: roundMs(deps.clock.monotonicMs() - asking.startedMs),
    },
  };
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
  response.setHeader('x-millrace-model', chosen.model);
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
  response.setHeader('x-millrace-model', chosen.model);
  response.setHeader('x-millrace-cache', 'none');
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
  readonly request: InferenceRequest;
  readonly wishes: Wishes;
}

async function readQuestion(exchange: Exchange, bodyBytesMax: number): Promise<Result<Question>> {
  const refusal: Problem | undefined =
    missingScope(exchange.identity, 'infer') ??
    (exchange.method === 'POST' ? undefined : problem('method_not_allowed', '/v1/inference takes POST.'));
  if (refusal !== undefined) return { ok: false, problem: refusal };
  const wishes = readWishes(headersOf(exchange.request));
  if (!wishes.ok) return wishes;
  const body = await readJson(exchange.request, bodyBytesMax);
  const request = body.ok ? parseRequest(body.value) : body;
  return request.ok ? { ok: true, value: { request: request.value, wishes: wishes.value } } : request;
}

/** `POST /v1/inference`: one plain question, whatever the model is for. */
export function createInference(deps: InferenceDeps): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const startedMs = deps.clock.monotonicMs();
    const question = await readQuestion(exchange, deps.bodyBytesMax);
    if (!question.ok) {
      sendProblem(exchange.response, question.problem);
      return;
    }
    const { request, wishes } = question.value;
    const task = deps.directory.resolve(request.model, exchange.identity.tenant)?.task ?? 'chat';
    const asking: Asking = { exchange, request, task, startedMs, wishes, withLogprobs: true };
    logEnd(deps, exchange, { endpoint: '/v1/inference', model: request.model });
    if (request.stream === true && task !== 'embedding') stream(deps, asking);
    else ask(deps, asking);
  };
}
