import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ask } from './index.ts';
import { renameModel } from './rename-model.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function askWith(before: string, model: string, prompt: string): Ask {
  const head = encode(`{${before}"model": `);
  const value = encode(model);
  const middle = encode(', "messages": ');
  const messages = encode(prompt);
  const body = new Uint8Array([...head, ...value, ...middle, ...messages, ...encode('}')]);
  const promptFrom = head.length + value.length + middle.length;
  return {
    requestId: 'r',
    tenant: 't',
    key: 'k',
    priority: 'standard',
    session: undefined,
    model: 'm',
    endpoint: '/v1/chat/completions',
    body,
    modelFrom: head.length,
    modelTo: head.length + value.length,
    promptFrom,
    promptTo: promptFrom + messages.length,
    stream: false,
    maxTokens: undefined,
    answers: 1,
    headers: [],
    deadlineMs: undefined,
  };
}

describe('another model in a body', () => {
  it('is put in its place, and nothing else changes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.jsonValue({ maxDepth: 2 }),
        (name, before, prompt) => {
          const text = JSON.stringify(prompt);
          const ask = askWith(`"user":${JSON.stringify(before)},`, '"old"', text);
          const made = renameModel(ask, name);
          expect(JSON.parse(decode(made.body))).toEqual({
            ...JSON.parse(decode(ask.body)),
            model: JSON.parse(JSON.stringify(name)),
          });
          expect(decode(made.body.subarray(made.promptFrom, made.promptTo))).toBe(text);
          expect(decode(renameModel(made, 'old').body)).toBe(decode(ask.body));
        },
      ),
    );
  });

  it('is left alone where it is not known where it stands', () => {
    const ask = { ...askWith('', '"old"', '[]'), modelFrom: -1 };
    expect(renameModel(ask, 'new')).toBe(ask);
  });
});
