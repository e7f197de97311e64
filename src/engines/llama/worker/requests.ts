import type { LlamaGrammar, Token } from 'node-llama-cpp';
import {
  chatCompletionRequest,
  completionRequest,
  problem,
  ProblemError,
  type ChatCompletionRequest,
  type CompletionRequest,
} from '#schema';
import type { WireHandler } from '../../wire/index.ts';
import { answerStream, answerWhole } from './answer.ts';
import { createHead, stopsOf, tokensMaxFor, type Asked } from './asked.ts';
import { createChatForm } from './chat-form.ts';
import { createCompletionForm } from './completion-form.ts';
import type { Counters } from './counters.ts';
import { embeddings } from './embeddings.ts';
import { parseRequest, tokenLists } from './parse-request.ts';
import { refuseChat, refuseCompletion } from './refusals.ts';
import type { Running } from './running.ts';

interface RequestsDeps {
  /** The model, or a thrown refusal while there is none. */
  readonly running: () => Running;
  readonly counters: Counters;
  /** Tells answers of one model, version and configuration from those of others. */
  readonly fingerprint: string;
}

/** As in OpenAI's API. */
const completionTokensDefault = 16;

/** Handlers of the three endpoints. */
export function createRequests(deps: RequestsDeps): Readonly<Record<string, WireHandler>> {
  const { running, counters, fingerprint } = deps;
  const answering =
    (ask: (body: unknown) => Promise<Asked> | Asked): WireHandler =>
    async ({ body, signal }, reply) => {
      const { generate } = running();
      const asked = await ask(body);
      counters.requests += 1;
      await (asked.stream ? answerStream : answerWhole)({ asked, generate, signal }, reply);
    };
  return {
    'POST /v1/chat/completions': answering((body) => askChat(running(), fingerprint, body)),
    'POST /v1/completions': answering((body) => askCompletion(running(), fingerprint, body)),
    'POST /v1/embeddings': async ({ body, signal }, reply) => {
      const model = running();
      counters.requests += 1;
      reply.json(200, await embeddings(model, body, signal));
    },
  };
}

async function askChat(running: Running, fingerprint: string, body: unknown): Promise<Asked> {
  const request = parseRequest(chatCompletionRequest, body);
  refuseChat(request);
  const prompt = running.prompts.chat(request.messages);
  const grammar = await running.sampling.grammarOf(request.response_format);
  const common = commonOf(running, { request, prompts: [prompt], grammar });
  const head = createHead('chatcmpl', {
    object: 'chat.completion',
    model: request.model,
    system_fingerprint: fingerprint,
  });
  const wanted = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const top = request.logprobs === true ? (request.top_logprobs ?? 0) : undefined;
  const promptTokenIds = common.withIds ? prompt : undefined;
  return {
    ...common,
    tokensMax: [tokensMaxFor(prompt.length, wanted, running.contextTokens)],
    logprobs: running.sampling.logprobsOf(request, top),
    form: createChatForm({ head, includeUsage: common.includeUsage, promptTokenIds }),
  };
}

function askCompletion(running: Running, fingerprint: string, body: unknown): Asked {
  const request = parseRequest(completionRequest, body);
  refuseCompletion(request);
  const prompts = tokenLists(request.prompt, { prompts: running.prompts, param: 'prompt', read: 'text' });
  const common = commonOf(running, { request, prompts, grammar: undefined });
  const head = createHead('cmpl', {
    object: 'text_completion',
    model: request.model,
    system_fingerprint: fingerprint,
  });
  const wanted = request.max_tokens ?? completionTokensDefault;
  const { n, includeUsage, withIds } = common;
  return {
    ...common,
    tokensMax: prompts.map((prompt) => tokensMaxFor(prompt.length, wanted, running.contextTokens)),
    logprobs: running.sampling.logprobsOf(request, request.logprobs ?? undefined),
    form: createCompletionForm({ head, includeUsage, n, promptTokenIds: withIds ? prompts : undefined }),
  };
}

interface Common {
  readonly request: ChatCompletionRequest | CompletionRequest;
  readonly prompts: readonly Token[][];
  readonly grammar: LlamaGrammar | undefined;
}

function commonOf(
  { sampling, sequences }: Running,
  { request, prompts, grammar }: Common,
): Omit<Asked, 'tokensMax' | 'logprobs' | 'form'> {
  return {
    prompts,
    n: checkedN(request.n ?? 1, sequences),
    stops: stopsOf(request.stop),
    drawOf: sampling.drawOf(request, grammar),
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    withIds: request.return_token_ids === true,
  };
}

function checkedN(n: number, sequences: number): number {
  if (n <= sequences) return n;
  const message = `"n" is at most ${sequences} here: as many answers are written at the same time.`;
  throw new ProblemError(problem('unsupported_parameter', message, { param: 'n' }));
}
