import { describe, expect, it } from 'vitest';
import { validateOpenAI } from './validate.ts';

const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'demo',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello.', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};
const choice = answer.choices[0];

describe("OpenAI's schemas", () => {
  it('accept what their own service answers', () => {
    expect(validateOpenAI('CreateChatCompletionResponse', answer)).toEqual([]);
    expect(
      validateOpenAI('CreateChatCompletionStreamResponse', {
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'demo',
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      }),
    ).toEqual([]);
    expect(
      validateOpenAI('ListModelsResponse', {
        object: 'list',
        data: [{ id: 'demo', object: 'model', created: 1, owned_by: 'default' }],
      }),
    ).toEqual([]);
    expect(
      validateOpenAI('CreateEmbeddingResponse', {
        object: 'list',
        model: 'demo',
        data: [{ object: 'embedding', index: 0, embedding: [0.5, -0.25] }],
        usage: { prompt_tokens: 2, total_tokens: 2 },
      }),
    ).toEqual([]);
    expect(
      validateOpenAI('ErrorResponse', {
        error: { message: 'No.', type: 'invalid_request_error', param: null, code: 'invalid_request' },
      }),
    ).toEqual([]);
  });

  it.each([
    ['a missing id', { ...answer, id: undefined }],
    ['a wrong object', { ...answer, object: 'text_completion' }],
    ['a finish reason of our own', { ...answer, choices: [{ ...choice, finish_reason: 'done' }] }],
    [
      'a missing refusal',
      { ...answer, choices: [{ ...choice, message: { role: 'assistant', content: '' } }] },
    ],
    ['usage as text', { ...answer, usage: { ...answer.usage, total_tokens: '5' } }],
  ])('refuse an answer with %s', (_fault, value) => {
    expect(validateOpenAI('CreateChatCompletionResponse', value)).not.toEqual([]);
  });

  it('refuse a chunk without choices, an error without a type, and a request without messages', () => {
    expect(
      validateOpenAI('CreateChatCompletionStreamResponse', {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'demo',
      }),
    ).not.toEqual([]);
    expect(validateOpenAI('ErrorResponse', { error: { message: 'No.' } })).not.toEqual([]);
    expect(validateOpenAI('CreateChatCompletionRequest', { model: 'demo' })).not.toEqual([]);
  });
});
