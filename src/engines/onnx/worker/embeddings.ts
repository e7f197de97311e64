import { embeddingRequest, fit, problem, ProblemError, type EmbeddingRequest } from '#schema';
import type { WireHandler } from '../../wire/index.ts';
import { admit } from './admit.ts';
import { runMsHeader, type ServedModel } from './oip.ts';
import type { TextReader } from './text-reader.ts';
import type { Embedded, TextWork } from './work.ts';

function refused(message: string, param = 'input'): ProblemError {
  return new ProblemError(problem('invalid_request', message, { param }));
}

function parse(body: unknown): EmbeddingRequest {
  const parsed = fit(embeddingRequest, body);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  const { dimensions } = parsed.value;
  if (dimensions === undefined || dimensions === null) return parsed.value;
  const message = 'The vectors of this model have one length only. Leave "dimensions" out.';
  throw new ProblemError(problem('unsupported_parameter', message, { param: 'dimensions' }));
}

function isIds(input: EmbeddingRequest['input']): input is number[] {
  return typeof input !== 'string' && typeof input[0] === 'number';
}

/** The texts of a request as lists of tokens; none empty, none longer than the model reads. */
function tokensOf(input: EmbeddingRequest['input'], reader: TextReader): readonly (readonly number[])[] {
  const list = typeof input === 'string' || isIds(input) ? [input] : input;
  return list.map((one, index) => {
    const tokens = typeof one === 'string' ? reader.tokens(one) : one;
    if (one.length === 0 || tokens.length === 0) throw refused(`Text ${index} has nothing to read.`);
    if (tokens.length <= reader.maxTokens) return tokens;
    const message = `Text ${index} has ${tokens.length} tokens; at most ${reader.maxTokens} fit. Shorten it.`;
    throw new ProblemError(problem('context_length_exceeded', message, { param: 'input' }));
  });
}

function readerOf({ running }: ServedModel): TextReader {
  const { reader } = running();
  if (reader !== undefined) return reader;
  const message =
    'This model reads tensors, not texts: it has no tokenizer with it. Ask it at /v2/models/NAME/infer.';
  throw new ProblemError(problem('unsupported_endpoint', message));
}

/** Little-endian, as on every machine that ONNX Runtime runs on. */
function base64Of(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

/** Answers `POST /v1/embeddings`. */
export function createEmbeddings(served: ServedModel): WireHandler {
  return async (call, reply) => {
    const { gather } = served.running();
    const reader = readerOf(served);
    let asked: { readonly request: EmbeddingRequest; readonly tokens: number } | undefined;
    const { vectors, runMs } = await admit<Embedded>({
      gather,
      counters: served.counters,
      call,
      work(hearing): TextWork {
        const request = parse(call.body);
        const texts = tokensOf(request.input, reader);
        asked = { request, tokens: texts.reduce((sum, text) => sum + text.length, 0) };
        return { ...hearing, kind: 'texts', texts };
      },
    });
    if (asked === undefined) return;
    const { request, tokens } = asked;
    const isBase64 = request.encoding_format === 'base64';
    reply.header(runMsHeader, runMs.toFixed(3));
    reply.json(200, {
      object: 'list',
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: isBase64 ? base64Of(vector) : [...vector],
      })),
      model: request.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  };
}
