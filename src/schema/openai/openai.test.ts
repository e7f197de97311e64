import { describe, expect, it } from 'vitest';
import { chatCompletionRequest, completionRequest, embeddingRequest, explain } from '../index.ts';

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

function refused(body: unknown): string {
  const parsed = chatCompletionRequest.safeParse(body);
  return parsed.success ? 'accepted' : explain(chatCompletionRequest, parsed.error, body).param;
}

describe('a chat request', () => {
  it('may say what the official clients say', () => {
    const full = {
      ...chat,
      messages: [
        { role: 'developer', content: 'Be short.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: 'Hello', refusal: null },
        { role: 'user', content: 'More', name: 'ann' },
      ],
      max_tokens: null,
      max_completion_tokens: 10,
      stop: ['a', 'b'],
      temperature: 0,
      top_p: 1,
      n: 2,
      seed: -3,
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {}, strict: true } },
      logit_bias: { 5: -100 },
      user: 'u',
      metadata: { a: 'b' },
      store: false,
      service_tier: 'auto',
    };
    expect(refused(full)).toBe('accepted');
  });

  it('is refused with the name of the field that is wrong', () => {
    expect(refused({ ...chat, temprature: 1 })).toBe('temprature');
    expect(refused({ ...chat, temperature: 3 })).toBe('temperature');
    expect(refused({ ...chat, messages: [] })).toBe('messages');
    expect(refused({ model: 'm' })).toBe('messages');
    expect(refused({ ...chat, messages: [{ role: 'user', content: 5 }] })).toBe('messages[0].content');
    expect(refused({ ...chat, messages: [{ role: 'king', content: 'x' }] })).toBe('messages[0].role');
    expect(refused({ ...chat, n: 0 })).toBe('n');
    expect(refused({ ...chat, stop: [''] })).toBe('stop[0]');
    expect(refused({ ...chat, logit_bias: { word: 1 } })).toContain('logit_bias');
    expect(refused({ ...chat, response_format: { type: 'xml' } })).toBe('response_format.type');
    expect(refused('hello')).toBe('');
  });
});

describe('prompts and inputs', () => {
  it('are texts, token ids, or lists of either', () => {
    for (const prompt of ['a', ['a', 'b'], [1, 2], [[1], [2, 3]]]) {
      expect(completionRequest.safeParse({ model: 'm', prompt }).success).toBe(true);
      expect(embeddingRequest.safeParse({ model: 'm', input: prompt }).success).toBe(true);
    }
    for (const prompt of [5, [], [[]], ['a', 1], [-1], [1.5]])
      expect(completionRequest.safeParse({ model: 'm', prompt }).success).toBe(false);
  });
});
