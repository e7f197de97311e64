import type { EndpointPath, InferenceRequest, ModelSpec } from '#schema';

interface Question {
  readonly endpoint: EndpointPath;
  readonly body: Buffer;
}

/** The same question in the dialect of the engine, according to what the model is for. */
export function translateQuestion(
  request: InferenceRequest,
  task: ModelSpec['task'],
  withLogprobs: boolean,
): Question {
  const { model, input_text: text, max_length: maxTokens, temperature, stream } = request;
  const sampling = {
    model,
    max_tokens: maxTokens,
    temperature,
    ...(stream === true ? { stream, stream_options: { include_usage: true } } : {}),
  };
  if (task === 'embedding') return question('/v1/embeddings', { model, input: text });
  if (task === 'completion')
    return question('/v1/completions', {
      ...sampling,
      prompt: text,
      ...(withLogprobs ? { logprobs: 0 } : {}),
    });
  const messages = [{ role: 'user', content: text }];
  return question('/v1/chat/completions', {
    ...sampling,
    messages,
    ...(withLogprobs ? { logprobs: true } : {}),
  });
}

function question(endpoint: EndpointPath, body: Record<string, unknown>): Question {
  return { endpoint, body: Buffer.from(JSON.stringify(body)) };
}
