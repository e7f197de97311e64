import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { completionRequest, fit, messagesRequest } from './index.ts';

const message = { role: 'user', content: 'Hi' };

function paramOf(input: object): string | undefined {
  const fitted = fit(messagesRequest, { model: 'm', max_tokens: 1, ...input });
  return fitted.ok ? undefined : fitted.problem.param;
}

describe('fitting a body to its schema', () => {
  it('gives what the schema makes of it', () => {
    expect(fit(z.object({ a: z.number().default(3) }), { b: 1 })).toEqual({ ok: true, value: { a: 3 } });
  });

  it('tells of a misspelt field rather than of the one it stands for', () => {
    const misspelt = fit(messagesRequest, { modell: 'm', max_tokens: 1, messages: [message] });
    expect(misspelt).toMatchObject({ problem: { code: 'invalid_request', param: 'modell' } });
  });

  it('names the first fault of a body that has room for a great many', () => {
    const many = Array.from({ length: 50_000 }, () => 1);
    expect(paramOf({ messages: [message, { role: 'user', content: many }] })).toContain('messages[1]');
    expect(paramOf({ messages: [message], tools: many })).toBe('tools[0]');
    expect(paramOf({ messages: [message, ...many] })).toBe('messages[1]');
    const prompt = many.map(() => -1);
    expect(fit(completionRequest, { model: 'm', prompt })).toMatchObject({ problem: { param: 'prompt' } });
    expect(paramOf(Object.fromEntries(many.map((one, at) => [`k${at}`, one])))).toBe('messages');
  });

  it('looks no further than the first fault of what is large, and at all of what is small', () => {
    const look = vi.fn<(value: number) => boolean>(() => false);
    const schema = z.array(z.number().refine(look, { abort: true }));
    const looked = (length: number): number => {
      look.mockClear();
      fit(
        schema,
        Array.from({ length }, () => 1),
      );
      return look.mock.calls.length;
    };
    expect(looked(100_000)).toBe(1);
    expect(looked(100)).toBe(101);
  });
});
