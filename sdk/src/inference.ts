import { errorIn, isErrorBody } from './error.ts';
import { connectionFault, type Http } from './http.ts';
import { readEvents } from './sse.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer';
  readonly content: string;
}

/** OpenAI's chat request; fields that are not named here pass through. */
export interface ChatRequest {
  /** The name of a deployment. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  readonly [field: string]: unknown;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens?: number;
  readonly total_tokens: number;
}

export interface ChatAnswer {
  readonly id: string;
  readonly model: string;
  readonly created: number;
  readonly choices: ReadonlyArray<{
    readonly index: number;
    readonly message: { readonly role: string; readonly content: string | null };
    readonly finish_reason: string | null;
  }>;
  readonly usage?: Usage;
}

export interface ChatChunk {
  readonly id: string;
  readonly model: string;
  readonly created: number;
  readonly choices: ReadonlyArray<{
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string | null };
    readonly finish_reason: string | null;
  }>;
  readonly usage?: Usage | null;
}

export interface InferenceRequest {
  /** The name of a deployment. */
  readonly model: string;
  readonly input_text: string;
  /** Tokens to generate at most. */
  readonly max_length?: number;
  readonly temperature?: number;
}

export interface InferenceAnswer {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly predictions: ReadonlyArray<{ readonly text: string; readonly finish_reason: string | null }>;
  /** Geometric mean probability of the generated tokens, where the engine tells. */
  readonly confidence?: number;
  readonly usage: Usage;
  /** Milliseconds. */
  readonly timing: Readonly<Record<string, number>>;
}

export interface ServedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

export interface InferenceOptions {
  /** Aborting it also stops the computation. */
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Using models. */
export interface Inference {
  chat(request: ChatRequest, options?: InferenceOptions): Promise<ChatAnswer>;
  /** The chunks as they come; leaving the loop stops the computation. A failure midway is thrown. */
  chatStream(request: ChatRequest, options?: InferenceOptions): AsyncGenerator<ChatChunk, void, undefined>;
  infer(request: InferenceRequest, options?: InferenceOptions): Promise<InferenceAnswer>;
  /** What can be asked. */
  models(options?: InferenceOptions): Promise<readonly ServedModel[]>;
}

function isChunk(value: unknown): value is ChatChunk {
  return typeof value === 'object' && value !== null && 'choices' in value && Array.isArray(value.choices);
}

async function* chatChunks(
  http: Http,
  request: ChatRequest,
  options: InferenceOptions,
): AsyncGenerator<ChatChunk, void, undefined> {
  const path = '/v1/chat/completions';
  const response = await http.send({ method: 'POST', path, json: { ...request, stream: true }, ...options });
  const requestId = response.headers.get('x-request-id') ?? undefined;
  try {
    for await (const { data } of readEvents(response.body ?? new ReadableStream<Uint8Array>())) {
      if (data === '[DONE]') return;
      const chunk: unknown = JSON.parse(data);
      if (isErrorBody(chunk)) throw errorIn(chunk, { status: response.status, requestId });
      if (isChunk(chunk)) yield chunk;
    }
  } catch (fault) {
    throw connectionFault(fault, path, options.signal);
  }
}

export function createInference(http: Http): Inference {
  return {
    chat: (request, options = {}) =>
      http.json({
        method: 'POST',
        path: '/v1/chat/completions',
        json: { ...request, stream: false },
        ...options,
      }),
    chatStream: (request, options = {}) => chatChunks(http, request, options),
    infer: (request, options = {}) =>
      http.json({ method: 'POST', path: '/v1/inference', json: request, ...options }),
    models: async (options = {}) => {
      const answer = await http.json<{ readonly data: readonly ServedModel[] }>({
        path: '/v1/models',
        ...options,
      });
      return answer.data;
    },
  };
}
