import { z } from 'zod';
import { fit, problem, ProblemError } from '#schema';

const content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish();

const generation = {
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
};

const chatBody = z.looseObject({
  ...generation,
  messages: z.array(z.looseObject({ role: z.string(), content })).min(1),
  max_completion_tokens: z.number().int().min(1).nullish(),
});

const completionBody = z.looseObject({ ...generation, prompt: z.string() });

const embeddingBody = z.looseObject({
  model: z.string().optional(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).max(8192).nullish(),
});

/** Something to write an answer to, whichever endpoint it came by. */
export interface Generation {
  readonly prompt: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly tokensMax: number | undefined;
  readonly seed: number | undefined;
  readonly stop: readonly string[];
}

export function parseChat(body: unknown): Generation {
  const request = parse(chatBody, body);
  const prompt = request.messages.map((message) => textOf(message.content)).join('\n');
  return generationOf({
    ...request,
    max_tokens: request.max_completion_tokens ?? request.max_tokens,
    prompt,
  });
}

export function parseCompletion(body: unknown): Generation {
  return generationOf(parse(completionBody, body));
}

export interface Embedding {
  readonly inputs: readonly string[];
  readonly base64: boolean;
  readonly dimensions: number | undefined;
}

export function parseEmbedding(body: unknown): Embedding {
  const { input, encoding_format: format, dimensions } = parse(embeddingBody, body);
  return {
    inputs: typeof input === 'string' ? [input] : input,
    base64: format === 'base64',
    dimensions: dimensions ?? undefined,
  };
}

function generationOf(request: z.infer<typeof completionBody>): Generation {
  const stop = request.stop ?? [];
  return {
    prompt: request.prompt,
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    tokensMax: request.max_tokens ?? undefined,
    seed: request.seed ?? undefined,
    stop: typeof stop === 'string' ? [stop] : stop,
  };
}

function textOf(parts: z.infer<typeof content>): string {
  if (typeof parts === 'string') return parts;
  return (parts ?? []).map((part) => part.text ?? '').join('');
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = fit(schema, body);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  refuseUnsupported(body);
  return parsed.value;
}

/** What the fake engine cannot do, with the values that ask for nothing. */
const unsupported: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  best_of: [1],
  echo: [false],
  suffix: [],
  logprobs: [false],
  top_logprobs: [0],
  top_k: [],
  tools: [],
  functions: [],
  response_format: ['{"type":"text"}'],
};

function refuseUnsupported(body: unknown): void {
  for (const [param, value] of Object.entries(z.looseObject({}).parse(body))) {
    const harmless = unsupported[param];
    const plain: unknown = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    if (harmless === undefined || plain === null || harmless.includes(plain)) continue;
    throw new ProblemError(
      problem('unsupported_parameter', `The fake engine does not support "${param}".`, { param }),
    );
  }
}
