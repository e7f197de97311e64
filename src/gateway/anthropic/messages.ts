import type { z } from 'zod';
import { countTokensRequest, fit, messagesRequest, problem, problemOf, type Problem } from '#schema';
import type { Result } from '#contracts';
import { missingScope, readJson, sendJson, wrongMethod, type Exchange } from '../http/exchange.ts';
import { headersOf, readWishes, type Wishes } from '../http/onward.ts';
import { unreadable, type Reply } from '../replies/collect-reply.ts';
import {
  askStream,
  askWhole,
  logEnd,
  type TranslatedAsk,
  type TranslatingDeps,
} from '../replies/translated-ask.ts';
import { tellAnswerer } from '../replies/tell-answerer.ts';
import { chatAnswer, type ChatAnswer } from './chat-answer.ts';
import { createMessageEvents } from './message-events.ts';
import { passRefusal, sendMessagesProblem } from './refusal.ts';
import { translateAnswer } from './translate-answer.ts';
import { translateCount, translateRequest, type TranslatedRequest } from './translate-request.ts';

/** Versions of the wire; what is spoken of them here is the same. Clients that name none are served too. */
const wireVersions: readonly unknown[] = ['2023-06-01', '2026-10-21', undefined];

function refuseHead(exchange: Exchange): Problem | undefined {
  const { identity, method, request } = exchange;
  const known = wireVersions.includes(request.headers['anthropic-version']);
  const message = `anthropic-version must be one of ${wireVersions.filter(Boolean).join(', ')}.`;
  return (
    missingScope(identity, 'infer') ??
    (method === 'POST' ? undefined : wrongMethod(exchange, 'POST')) ??
    (known ? undefined : problem('invalid_request', message, { param: 'anthropic-version' }))
  );
}

interface Asked<Request> {
  readonly request: Request;
  readonly translated: TranslatedRequest;
  readonly wishes: Wishes;
}

interface Kind<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly translate: (request: z.infer<Schema>) => TranslatedRequest;
}

function parse<Schema extends z.ZodType>(
  { schema, translate }: Kind<Schema>,
  body: unknown,
): Result<Omit<Asked<z.infer<Schema>>, 'wishes'>> {
  const parsed = fit(schema, body);
  if (!parsed.ok) return parsed;
  try {
    return { ok: true, value: { request: parsed.value, translated: translate(parsed.value) } };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}

/** Reads a request of this kind, or answers why it cannot be taken. */
async function read<Schema extends z.ZodType>(
  exchange: Exchange,
  kind: Kind<Schema>,
  bodyBytesMax: number,
): Promise<Result<Asked<z.infer<Schema>>>> {
  const refused = refuseHead(exchange);
  if (refused !== undefined) return { ok: false, problem: refused };
  const wishes = readWishes(headersOf(exchange.request));
  if (!wishes.ok) return wishes;
  const body = await readJson(exchange.request, bodyBytesMax);
  const asked = body.ok ? parse(kind, body.value) : body;
  return asked.ok ? { ok: true, value: { ...asked.value, wishes: wishes.value } } : asked;
}

function toAsk(exchange: Exchange, { translated, wishes }: Asked<unknown>): TranslatedAsk {
  const body = Buffer.from(JSON.stringify(translated));
  return { exchange, wishes, endpoint: '/v1/chat/completions', model: translated.model, body };
}

function readAnswer({ body }: Reply, translate: (answer: ChatAnswer) => unknown): Result<unknown> {
  try {
    return { ok: true, value: translate(chatAnswer.parse(JSON.parse(body.toString('utf8')))) };
  } catch {
    return { ok: false, problem: unreadable };
  }
}

/** Answers with what the engine said, translated; with its refusal; or with ours. */
function answer(
  { response }: Exchange,
  collected: Result<Reply>,
  translate: (answer: ChatAnswer) => unknown,
): void {
  if (!collected.ok) {
    sendMessagesProblem(response, collected.problem);
    return;
  }
  tellAnswerer(response, collected.value);
  if (collected.value.head.status >= 400) {
    passRefusal(response, collected.value);
    return;
  }
  const translated = readAnswer(collected.value, translate);
  if (translated.ok) sendJson(response, 200, translated.value);
  else sendMessagesProblem(response, translated.problem);
}

type Serve = (exchange: Exchange) => Promise<void>;

function createMessages(deps: TranslatingDeps): Serve {
  const kind = { schema: messagesRequest, translate: translateRequest };
  return async (exchange) => {
    const { response, requestId } = exchange;
    const asked = await read(exchange, kind, deps.bodyBytesMax);
    if (!asked.ok) {
      sendMessagesProblem(response, asked.problem);
      return;
    }
    const { model, stream } = asked.value.request;
    logEnd(deps, exchange, { endpoint: '/v1/messages', model });
    const toReplica = toAsk(exchange, asked.value);
    if (stream === true) {
      askStream(deps, toReplica, {
        translation: createMessageEvents({ requestId, model }),
        sendProblem: sendMessagesProblem,
        refused(reply) {
          tellAnswerer(response, reply);
          passRefusal(response, reply);
        },
      });
      return;
    }
    askWhole(deps, toReplica, (collected) => {
      answer(exchange, collected, (given) => translateAnswer(given, { requestId, model }));
    });
  };
}

/** Throws where the engine counted nothing: a guess would be taken for a count. */
function promptTokensOf(usage: ChatAnswer['usage']): number {
  if (usage === undefined || usage === null) throw new SyntaxError('The engine did not count.');
  return usage.prompt_tokens;
}

/** Counts by asking: the engine reads the prompt, with its own template, and says how much it was. */
function createCount(deps: TranslatingDeps): Serve {
  const kind = { schema: countTokensRequest, translate: translateCount };
  return async (exchange) => {
    const asked = await read(exchange, kind, deps.bodyBytesMax);
    if (!asked.ok) {
      sendMessagesProblem(exchange.response, asked.problem);
      return;
    }
    logEnd(deps, exchange, { endpoint: '/v1/messages/count_tokens', model: asked.value.request.model });
    askWhole(deps, toAsk(exchange, asked.value), (collected) => {
      answer(exchange, collected, ({ usage }) => ({ input_tokens: promptTokensOf(usage) }));
    });
  };
}

const messagesPath = '/v1/messages';

/** Whether a path belongs to Anthropic's wire: refusals there have its shape. */
export function isMessagesPath(path: string): boolean {
  return path === messagesPath || path.startsWith(`${messagesPath}/`);
}

/** `POST /v1/messages` and `/v1/messages/count_tokens`: Anthropic's wire, translated. */
export function createAnthropic(deps: TranslatingDeps): Serve {
  const messages = createMessages(deps);
  const count = createCount(deps);
  return async (exchange) => {
    const { response, path, requestId } = exchange;
    response.setHeader('request-id', requestId);
    if (path === messagesPath) await messages(exchange);
    else if (path === `${messagesPath}/count_tokens`) await count(exchange);
    else sendMessagesProblem(response, problem('not_found', `There is nothing at ${path}.`));
  };
}
