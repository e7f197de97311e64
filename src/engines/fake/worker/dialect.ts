import type { WireHandler, WireReply, WireRequest } from '../../wire/index.ts';
import { generate, planAnswer, type Answer } from './generate.ts';
import type { Machine } from './machine.ts';
import { parseChat, parseCompletion, parseEmbedding, type Generation } from './request.ts';
import { embed, tokensOf } from './words.ts';

/** How one of OpenAI's two ways to write looks on the wire. */
interface Shape {
  readonly idPrefix: string;
  readonly object: string;
  readonly chunkObject: string;
  /** A whole choice, as JSON. */
  choice(text: string, finishReason: string): string;
  /** A choice of a chunk, as JSON; the text is JSON already. */
  delta(text: string): string;
  readonly first: string | undefined;
  last(finishReason: string): string;
}

const chatShape: Shape = {
  idPrefix: 'chatcmpl',
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  choice: (text, reason) =>
    `{"index":0,"message":{"role":"assistant","content":${text},"refusal":null},"logprobs":null,"finish_reason":"${reason}"}`,
  first: '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}',
  delta: (text) => `{"index":0,"delta":{"content":${text}},"logprobs":null,"finish_reason":null}`,
  last: (reason) => `{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reason}"}`,
};

const completionShape: Shape = {
  idPrefix: 'cmpl',
  object: 'text_completion',
  chunkObject: 'text_completion',
  choice: (text, reason) => `{"index":0,"text":${text},"logprobs":null,"finish_reason":"${reason}"}`,
  first: undefined,
  delta: (text) => `{"index":0,"text":${text},"logprobs":null,"finish_reason":null}`,
  last: (reason) => `{"index":0,"text":"","logprobs":null,"finish_reason":"${reason}"}`,
};

/** The endpoints of the fake engine. `model` is echoed in its answers. */
export function routesOf(machine: Machine, model: string): Readonly<Record<string, WireHandler>> {
  const writing =
    (parse: (body: unknown) => Generation, shape: Shape): WireHandler =>
    (request, reply) =>
      write(machine, { request, reply, generation: parse(request.body), shape, model });
  return {
    'POST /v1/chat/completions': writing(parseChat, chatShape),
    'POST /v1/completions': writing(parseCompletion, completionShape),
    'POST /v1/embeddings': (request, reply) => embedAll(machine, { request, reply, model }),
    'GET /v1/models': (_, reply) =>
      reply.json(200, {
        object: 'list',
        data: [{ id: model, object: 'model', created: 0, owned_by: 'fake' }],
      }),
  };
}

interface Call {
  readonly request: WireRequest;
  readonly reply: WireReply;
  readonly model: string;
}

interface Writing extends Call {
  readonly generation: Generation;
  readonly shape: Shape;
}

let written = 0;

function write(machine: Machine, writing: Writing): Promise<void> {
  const { request, reply, generation } = writing;
  return machine.work({
    prompt: generation.prompt,
    signal: request.signal,
    fail: (status) => reply.json(status, scriptedError(status)),
    run: async (script) => {
      const answer = planAnswer(generation, script, machine.options);
      written += 1;
      const send = generation.stream ? writeStream : writeWhole;
      await send(machine, writing, answer);
    },
  });
}

function head({ shape, model }: Writing, object: string): string {
  const id = `${shape.idPrefix}-${process.pid}-${written}`;
  const created = Math.floor(Date.now() / 1000);
  return `{"id":"${id}","object":"${object}","created":${created},"model":${JSON.stringify(model)}`;
}

async function writeWhole(machine: Machine, writing: Writing, answer: Answer): Promise<void> {
  const { shape, request, reply } = writing;
  const { tokens, finishReason, promptTokens } = answer;
  const all = await generate(machine, { tokens, promptTokens, signal: request.signal, emit: nowhere });
  if (!all) return;
  const choice = shape.choice(JSON.stringify(tokens.join('')), finishReason);
  reply.jsonText(200, `${head(writing, shape.object)},"choices":[${choice}],"usage":${usageOf(answer)}}`);
}

async function writeStream(machine: Machine, writing: Writing, answer: Answer): Promise<void> {
  const { shape, request, reply, generation } = writing;
  const before = `${head(writing, shape.chunkObject)},"choices":[`;
  const after = generation.includeUsage ? '],"usage":null}' : ']}';
  let opened: ReturnType<WireReply['stream']> | undefined;
  const open = (): ReturnType<WireReply['stream']> => {
    if (opened !== undefined) return opened;
    opened = reply.stream();
    if (shape.first !== undefined) opened.write(before + shape.first + after);
    return opened;
  };
  if (machine.stepper === undefined) open();
  const emit = (token: string): Promise<void> | undefined =>
    open().write(before + shape.delta(JSON.stringify(token)) + after) ? undefined : open().drained();
  const { tokens, promptTokens } = answer;
  const all = await generate(machine, { tokens, promptTokens, signal: request.signal, emit });
  if (!all) return;
  const stream = open();
  stream.write(before + shape.last(answer.finishReason) + after);
  if (generation.includeUsage) stream.write(`${before}],"usage":${usageOf(answer)}}`);
  stream.end();
}

/** For answers that leave whole. */
function nowhere(): undefined {
  return undefined;
}

function usageOf({ promptTokens, tokens }: Answer): string {
  const total = promptTokens + tokens.length;
  return `{"prompt_tokens":${promptTokens},"completion_tokens":${tokens.length},"total_tokens":${total}}`;
}

function embedAll(machine: Machine, { request, reply, model }: Call): Promise<void> {
  const { inputs, base64, dimensions } = parseEmbedding(request.body);
  const { options } = machine;
  return machine.work({
    prompt: inputs.join('\n'),
    signal: request.signal,
    fail: (status) => reply.json(status, scriptedError(status)),
    run: async () => {
      const emission = { tokens: inputs, promptTokens: 1, signal: request.signal, emit: nowhere };
      if (!(await generate(machine, emission))) return;
      const data = inputs.map((input, index) => {
        const vector = embed(input, options.seed, dimensions ?? options.embeddingDimensions);
        const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
        return { object: 'embedding', index, embedding };
      });
      const tokens = inputs.reduce((sum, input) => sum + tokensOf(input).length, 0);
      reply.json(200, {
        object: 'list',
        data,
        model,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      });
    },
  });
}

function scriptedError(status: number): unknown {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return {
    error: { message: 'A scripted error of the fake engine.', type, code: 'scripted_error', param: null },
  };
}
