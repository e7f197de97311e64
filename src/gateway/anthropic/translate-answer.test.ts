import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesResponse, type MessagesResponse } from '#schema';
import { createEventReader } from '../replies/event-reader.ts';
import { chatAnswer } from './chat-answer.ts';
import { createMessageEvents } from './message-events.ts';
import { translateAnswer } from './translate-answer.ts';

type Json = ReturnType<typeof JSON.parse>;
const known = { requestId: 'req_1', model: 'm' };

const call = fc.record({
  id: fc.string({ minLength: 1 }),
  name: fc.string({ minLength: 1 }),
  input: fc.dictionary(
    fc.string(),
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
    { noNullPrototype: true },
  ),
});
const message = fc.record({
  text: fc.string({ maxLength: 30 }),
  calls: fc.array(call, { maxLength: 3 }),
  ended: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
  stop: fc.option(fc.string({ minLength: 1 })),
  refused: fc.boolean(),
  prompt: fc.nat(1000),
  cached: fc.nat(1000),
  written: fc.nat(1000),
});
type Made = typeof message extends fc.Arbitrary<infer T> ? T : never;

const usageOf = ({ prompt, cached, written }: Made) => ({
  prompt_tokens: prompt + cached,
  completion_tokens: written,
  total_tokens: prompt + cached + written,
  prompt_tokens_details: { cached_tokens: cached },
});

/** What an engine answers. */
function whole(made: Made): Json {
  const { text, calls, ended, stop, refused } = made;
  const said = refused ? { content: null, refusal: text } : { content: text };
  const tools = calls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const choice = { message: { ...said, tool_calls: tools }, finish_reason: ended, stop_reason: stop };
  return { model: 'm', choices: [choice], usage: usageOf(made) };
}

function pieces(text: string, size: number): string[] {
  return text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];
}

function chunkOf(change: object, end: object = {}): Json {
  return { choices: [{ delta: change, ...end }] };
}

/** The same answer, as an engine streams it. */
function chunks(made: Made, size: number): Json[] {
  const { text, calls, ended, stop, refused } = made;
  const toolDeltas = calls.flatMap(({ id, name, input }, index) => [
    chunkOf({ tool_calls: [{ index, id, function: { name, arguments: '' } }] }),
    ...pieces(JSON.stringify(input), size).map((piece) =>
      chunkOf({ tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  ]);
  return [
    chunkOf({ role: 'assistant', content: '' }),
    ...pieces(text, size).map((piece) => chunkOf(refused ? { refusal: piece } : { content: piece })),
    ...toolDeltas,
    chunkOf({}, { finish_reason: ended, stop_reason: stop }),
    { choices: [], usage: usageOf(made) },
  ];
}

interface Event {
  readonly type: string;
  readonly [key: string]: Json;
}

function eventsOf(text: string): Event[] {
  const events: Event[] = [];
  createEventReader((payload) => events.push(JSON.parse(payload)))(Buffer.from(text));
  return events;
}

function stream(given: readonly Json[]): Event[] {
  const translation = createMessageEvents(known);
  const chosen = { deployment: 'm', model: 'm@1', queueMs: 0, firstByteMs: 0 };
  const out = [translation.begin(chosen), ...given.map((chunk) => translation.event(JSON.stringify(chunk)))];
  return eventsOf(
    out.join('') + (translation.event('[DONE]') + (translation.end(chosen) ?? 'data: "broken"\n\n')),
  );
}

/** Puts a message together from its events, as Anthropic's clients do. */
function assemble(events: readonly Event[]): Json {
  let built: Json;
  const inputs = new Map<number, string>();
  let open: number | undefined;
  for (const event of events) {
    const index: number = event['index'];
    if (event.type === 'message_start') built = event['message'];
    else if (event.type === 'content_block_start') {
      assert.equal(open, undefined);
      assert.equal(index, built.content.length);
      open = index;
      built.content.push(event['content_block']);
    } else if (event.type === 'content_block_delta') {
      assert.equal(index, open);
      const { text, partial_json: json } = event['delta'];
      if (text !== undefined) built.content[index].text += text;
      else inputs.set(index, (inputs.get(index) ?? '') + json);
    } else if (event.type === 'content_block_stop') {
      const json = inputs.get(index);
      if (json !== undefined) built.content[index].input = JSON.parse(json);
      open = undefined;
    } else if (event.type === 'message_delta') built = { ...built, ...event['delta'], usage: event['usage'] };
  }
  assert.equal(open, undefined);
  return built;
}

/** Back into an engine's answer: what the translation has to leave possible. */
function restore({ content, stop_reason: reason, usage }: MessagesResponse): Json {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const calls = content.flatMap((block) => (block.type === 'tool_use' ? [block] : []));
  return {
    text,
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
    refused: reason === 'refusal',
    prompt: usage.input_tokens,
    cached: usage.cache_read_input_tokens,
    written: usage.output_tokens,
  };
}

function endingOf(reason: string, stop: unknown = null): unknown {
  const choice = { message: { content: 'x' }, finish_reason: reason, stop_reason: stop };
  const ended = translateAnswer(chatAnswer.parse({ choices: [choice] }), known);
  return [ended.stop_reason, ended.stop_sequence];
}

function callPiece(index: number, id?: string): string {
  return JSON.stringify(chunkOf({ tool_calls: [{ index, id, function: { name: 'f' } }] }));
}

function use(id: string | undefined, given: string): Json {
  return { id, function: { name: 'f', arguments: given } };
}

/** An answer whose second call ends in its midst. */
function cut(reason: string): MessagesResponse {
  const calls = [use('a', '{"x":1}'), use('b', '{"y": "unfini')];
  const choice = { message: { content: 'So:', tool_calls: calls }, finish_reason: reason };
  return translateAnswer(chatAnswer.parse({ choices: [choice] }), known);
}

describe("an engine's answer on Anthropic's wire", () => {
  it('says the same: nothing is lost on the way there and back', () => {
    fc.assert(
      fc.property(message, (made) => {
        const answer = translateAnswer(chatAnswer.parse(whole(made)), known);
        expect(messagesResponse.safeParse(answer).error).toBeUndefined();
        const { stop: _stop, ended: _ended, ...rest } = made;
        const refused = (made.refused && made.text !== '') || made.ended === 'content_filter';
        expect(restore(answer)).toEqual({ ...rest, refused });
      }),
    );
  });

  it('is the same whether it comes whole or in pieces of any size', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 7 }), (made, size) => {
        const events = stream(chunks(made, size));
        expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['message_start', 'ping']);
        expect(events.at(-1)?.type).toBe('message_stop');
        expect(assemble(events)).toEqual(translateAnswer(chatAnswer.parse(whole(made)), known));
      }),
    );
  });

  it('names why it ended', () => {
    expect(endingOf('stop')).toEqual(['end_turn', null]);
    expect(endingOf('stop', 128_001)).toEqual(['end_turn', null]);
    expect(endingOf('stop', 'END')).toEqual(['stop_sequence', 'END']);
    expect(endingOf('length')).toEqual(['max_tokens', null]);
    expect(endingOf('tool_calls')).toEqual(['tool_use', null]);
    expect(endingOf('content_filter')).toEqual(['refusal', null]);
  });

  it('ends with the call where one was asked for by name, which OpenAI calls a stop', () => {
    const choice = { message: { content: null, tool_calls: [use('a', '{}')] }, finish_reason: 'stop' };
    const answer = translateAnswer(chatAnswer.parse({ choices: [choice] }), known);
    expect(answer.stop_reason).toBe('tool_use');
    const given = [JSON.parse(callPiece(0, 'a')), chunkOf({}, { finish_reason: 'stop' })];
    expect(assemble(stream(given)).stop_reason).toBe('tool_use');
  });

  it('keeps what there is of a call that `max_tokens` has cut off', () => {
    expect(cut('length')).toMatchObject({
      stop_reason: 'max_tokens',
      content: [
        { type: 'text', text: 'So:' },
        { id: 'a', input: { x: 1 } },
        { type: 'tool_use', id: 'b', input: {} },
      ],
    });
    expect(() => cut('tool_calls')).toThrow('JSON');
  });

  it('that an endpoint ends with an error is not taken for whole', () => {
    const choice = { message: { content: 'half' }, finish_reason: 'error' };
    expect(() => translateAnswer(chatAnswer.parse({ choices: [choice] }), known)).toThrow('error');
    const translation = createMessageEvents(known);
    const ended = JSON.stringify(chunkOf({ content: '' }, { finish_reason: 'error' }));
    expect(() => translation.event(ended)).toThrow('error');
  });

  it('may come from endpoints that do not count calls', () => {
    const calls = [use('a', '{"x"'), use(undefined, ':1}'), use('b', '{}')];
    const events = stream(calls.map((one) => chunkOf({ tool_calls: [one] })));
    expect(assemble(events).content).toMatchObject([
      { id: 'a', input: { x: 1 } },
      { id: 'b', input: {} },
    ]);
  });

  it('keeps calls apart that an engine gives one index', () => {
    const given = [
      ['a', '{"x"'],
      ['', ':1}'],
      ['b', '{"y":2}'],
      ['b', ' '],
    ].map(([id, args]) =>
      chunkOf({ tool_calls: [{ index: 0, id, function: { name: `f-${id}`, arguments: args } }] }),
    );
    const events = stream(given);
    expect(assemble(events).content).toEqual([
      { type: 'tool_use', id: 'a', name: 'f-a', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'f-b', input: { y: 2 } },
    ]);
  });

  it('that breaks off, or calls what is not open, is not taken for whole', () => {
    const translation = createMessageEvents(known);
    const chosen = { deployment: 'm', model: 'm@1', queueMs: 0, firstByteMs: 0 };
    translation.begin(chosen);
    translation.event('{"choices":[{"delta":{"content":"half"}}]}');
    expect(translation.end(chosen)).toBeUndefined();
    expect(() => translation.event(callPiece(0))).toThrow('not open');
    translation.event(callPiece(0, 'a'));
    translation.event(callPiece(1, 'b'));
    expect(() => translation.event(callPiece(0, 'a'))).toThrow('not open');
    const [error] = eventsOf(translation.broken('{"error":{"message":"gone","code":"overloaded"}}'));
    expect(error).toMatchObject({
      type: 'error',
      error: { type: 'api_error', message: 'gone' },
      request_id: 'req_1',
    });
  });
});
