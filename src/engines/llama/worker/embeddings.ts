import { embeddingRequest, problem, ProblemError, type EmbeddingRequest } from '#schema';
import { parseRequest, tokenLists } from './parse-request.ts';
import type { Running } from './running.ts';

/** Tokens that the engine may add at both ends, and the one it keeps free. */
const reservedTokens = 3;

/** Answers `POST /v1/embeddings`. */
export async function embeddings(running: Running, body: unknown, signal: AbortSignal): Promise<object> {
  const request = parseRequest(embeddingRequest, body);
  refuse(request);
  const inputs = tokenLists(request.input, { prompts: running.prompts, param: 'input', read: 'content' });
  const roomTokens = running.contextTokens - reservedTokens;
  for (const [index, input] of inputs.entries()) {
    if (input.length <= roomTokens) continue;
    const message = `Text ${index} has ${input.length} tokens; at most ${roomTokens} fit. Shorten it.`;
    throw new ProblemError(problem('context_length_exceeded', message, { param: 'input' }));
  }
  const vectors = await running.embed(inputs, signal);
  const tokens = inputs.reduce((sum, input) => sum + input.length, 0);
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: request.encoding_format === 'base64' ? base64Of(vector) : [...vector],
    })),
    model: request.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function refuse({ dimensions }: EmbeddingRequest): void {
  if (dimensions === undefined || dimensions === null) return;
  const message = 'The vectors of this model have one length only. Leave "dimensions" out.';
  throw new ProblemError(problem('unsupported_parameter', message, { param: 'dimensions' }));
}

/** Little-endian, as on every machine that llama.cpp runs on. */
function base64Of(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
