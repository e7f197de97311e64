import { errorIn, isErrorBody } from './error.ts';
import { connectionFault, type Http } from './http.ts';
import { readEvents } from './sse.ts';
import type {
  ChatRequest,
  FeedbackRequest,
  InferenceAnswer,
  InferenceRequest,
  TensorAnswer,
  TensorRequest,
} from './types.gen.ts';

export type ChatMessage = ChatRequest['messages'][number];

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

/** A piece of an answer, or at the end the answer as a whole. */
export type InferenceEvent = { readonly text: string } | InferenceAnswer;

export interface ServedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** Feedback that is on disk now. */
export interface FeedbackKept {
  readonly request_id: string;
  /** `name@version` that gave the answer. */
  readonly model: string;
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
  /** Asks a model that reads and writes tensors. */
  inferTensors(request: TensorRequest, options?: InferenceOptions): Promise<TensorAnswer>;
  /** The pieces as they come, then the whole answer. */
  inferStream(
    request: InferenceRequest,
    options?: InferenceOptions,
  ): AsyncGenerator<InferenceEvent, void, undefined>;
  /** Tells what somebody thinks of an answer, by its `x-request-id`; says which version gave it. */
  feedback(request: FeedbackRequest, options?: InferenceOptions): Promise<FeedbackKept>;
  /** What can be asked. */
  models(options?: InferenceOptions): Promise<readonly ServedModel[]>;
}

function isChunk(value: unknown): value is ChatChunk {
  return typeof value === 'object' && value !== null && 'choices' in value && Array.isArray(value.choices);
}

function isInferenceEvent(value: unknown): value is InferenceEvent {
  return typeof value === 'object' && value !== null && ('text' in value || 'predictions' in value);
}

interface Streamed<T> {
  readonly path: string;
  readonly request: object;
  readonly isOne: (value: unknown) => value is T;
}

/** The events of a streamed answer. Leaving the loop closes the connection, which stops the computation. */
async function* streamed<T>(
  http: Http,
  { path, request, isOne }: Streamed<T>,
  options: InferenceOptions,
): AsyncGenerator<T, void, undefined> {
  const response = await http.send({ method: 'POST', path, json: { ...request, stream: true }, ...options });
  const requestId = response.headers.get('x-request-id') ?? undefined;
  try {
    for await (const { data } of readEvents(response.body ?? new ReadableStream<Uint8Array>())) {
      if (data === '[DONE]') return;
      const event: unknown = JSON.parse(data);
      if (isErrorBody(event)) throw errorIn(event, { status: response.status, requestId });
      if (isOne(event)) yield event;
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
    chatStream: (request, options = {}) =>
      streamed(http, { path: '/v1/chat/completions', request, isOne: isChunk }, options),
    infer: (request, options = {}) =>
      http.json({ method: 'POST', path: '/v1/inference', json: { ...request, stream: false }, ...options }),
    inferTensors: (request, options = {}) =>
      http.json({ method: 'POST', path: '/v1/inference', json: request, ...options }),
    inferStream: (request, options = {}) =>
      streamed(http, { path: '/v1/inference', request, isOne: isInferenceEvent }, options),
    feedback: (request, options = {}) =>
      http.json({ method: 'POST', path: '/v1/feedback', json: request, ...options }),
    models: async (options = {}) => {
      const answer = await http.json<{ readonly data: readonly ServedModel[] }>({
        path: '/v1/models',
        ...options,
      });
      return answer.data;
    },
  };
}
