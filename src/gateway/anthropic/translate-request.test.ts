import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatCompletionRequest, messagesRequest, problemOf, type MessagesRequest } from '#schema';
import { toolFailed } from './translate-messages.ts';
import { translateCount, translateRequest } from './translate-request.ts';

type Json = ReturnType<typeof JSON.parse>;

const text = fc.string({ minLength: 1, maxLength: 20 });
const textBlock = fc.record({ type: fc.constant('text'), text });
const textContent = fc.oneof(text, fc.array(textBlock, { minLength: 1, maxLength: 3 }));
const image = fc.record({
  type: fc.constant('image'),
  source: fc.oneof(
    fc.record({
      type: fc.constant('base64'),
      media_type: fc.constantFrom('image/png', 'image/jpeg'),
      data: fc.base64String({ minLength: 4 }),
    }),
    fc.record({ type: fc.constant('url'), url: fc.webUrl() }),
  ),
});
const result = fc.record(
  {
    type: fc.constant('tool_result'),
    tool_use_id: text,
    content: fc.oneof(fc.string(), fc.array(textBlock, { minLength: 1, maxLength: 2 })),
    is_error: fc.constant(true),
  },
  { requiredKeys: ['type', 'tool_use_id', 'content'] },
);
/** A key that the schema drops, since nobody means well by it. */
const key = text.filter((name) => name !== '__proto__');
const call = fc.record({
  type: fc.constant('tool_use'),
  id: text,
  name: text,
  input: fc.dictionary(
    key,
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
    { noNullPrototype: true },
  ),
});

const user = fc.oneof(
  text.map((content) => ({ role: 'user', content })),
  fc
    .tuple(
      fc.array(result, { maxLength: 2 }),
      fc.array(fc.oneof(textBlock, image), { minLength: 1, maxLength: 3 }),
    )
    .map(([results, said]) => ({ role: 'user', content: [...results, ...said] })),
  fc.array(result, { minLength: 1, maxLength: 2 }).map((content) => ({ role: 'user', content })),
);
const assistant = fc.oneof(
  text.map((content) => ({ role: 'assistant', content })),
  fc
    .tuple(fc.array(textBlock, { maxLength: 2 }), fc.array(call, { maxLength: 2 }))
    .filter(([said, calls]) => said.length + calls.length > 0)
    .map(([said, calls]) => ({ role: 'assistant', content: [...said, ...calls] })),
);
const turns = fc
  .tuple(fc.array(fc.tuple(user, assistant), { maxLength: 3 }), user)
  .map(([before, last]) => [...before.flat(), last]);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const oneAtATime = fc.boolean();
const request = fc
  .record({
    model: text,
    max_tokens: fc.integer({ min: 1, max: 1000 }),
    system: maybe(textContent),
    messages: turns,
    stop_sequences: maybe(fc.array(text, { minLength: 1, maxLength: 4 })),
    temperature: maybe(fc.constantFrom(0, 0.3, 1)),
    top_p: maybe(fc.constantFrom(0.1, 1)),
    top_k: maybe(fc.nat(100)),
    stream: maybe(fc.constant(true)),
    metadata: maybe(fc.record({ user_id: text })),
    service_tier: maybe(fc.constantFrom('auto', 'standard_only')),
    tools: maybe(
      fc.array(
        fc.record(
          {
            name: text,
            description: fc.string(),
            input_schema: fc.constant({ type: 'object', properties: { city: { type: 'string' } } }),
            strict: fc.boolean(),
          },
          { requiredKeys: ['name', 'input_schema'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    tool_choice: maybe(
      fc.oneof(
        fc.record({ type: fc.constantFrom('auto', 'any'), disable_parallel_tool_use: oneAtATime }),
        fc.record({ type: fc.constant('tool'), name: text }),
        fc.constant({ type: 'none' }),
      ),
    ),
    output_config: maybe(
      fc.record(
        {
          effort: fc.constantFrom('low', 'medium', 'high', 'xhigh'),
          format: fc.constant({ type: 'json_schema', schema: { type: 'object' } }),
        },
        { requiredKeys: ['effort'] },
      ),
    ),
  })
  .map((made): Json => JSON.parse(JSON.stringify(made)));

function restorePart(part: Json): Json {
  if (part.type === 'text') return part;
  const inline = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url.url);
  const source =
    inline === null
      ? { type: 'url', url: part.image_url.url }
      : { type: 'base64', media_type: inline[1], data: inline[2] };
  return { type: 'image', source };
}

function restoreResult({ tool_call_id: id, content }: Json): Json {
  const block = { type: 'tool_result', tool_use_id: id };
  const failed =
    typeof content === 'string' ? content.startsWith(`${toolFailed}\n`) : content[0].text === toolFailed;
  if (!failed) return { ...block, content };
  const rest = typeof content === 'string' ? content.slice(toolFailed.length + 1) : content.slice(1);
  return { ...block, content: rest, is_error: true };
}

function restoreAssistant({ content, tool_calls: calls }: Json): Json {
  if (typeof content === 'string') return { role: 'assistant', content };
  const uses = (calls ?? []).map(({ id, function: { name, arguments: given } }: Json) => ({
    type: 'tool_use',
    id,
    name,
    input: JSON.parse(given),
  }));
  return { role: 'assistant', content: [...(content ?? []), ...uses] };
}

/** What tools returned, and what the user said after it, are one message in Anthropic's wire. */
function restoreMessages(messages: Json[]): Json[] {
  const restored: Json[] = [];
  let results: Json[] = [];
  for (const message of messages) {
    if (message.role === 'tool') results.push(restoreResult(message));
    else if (message.role === 'user' && Array.isArray(message.content)) {
      restored.push({ role: 'user', content: [...results, ...message.content.map(restorePart)] });
      results = [];
    } else {
      if (results.length > 0) restored.push({ role: 'user', content: results });
      results = [];
      restored.push(message.role === 'assistant' ? restoreAssistant(message) : message);
    }
  }
  return results.length > 0 ? [...restored, { role: 'user', content: results }] : restored;
}

function restoreChoice(choice: Json, parallel: boolean | undefined): Json {
  const disable = parallel === undefined ? {} : { disable_parallel_tool_use: !parallel };
  if (typeof choice === 'object') return { type: 'tool', name: choice.function.name, ...disable };
  return { type: choice === 'required' ? 'any' : choice, ...disable };
}

/** Back from OpenAI's dialect: what the translation has to leave possible. */
function restore(chat: Json): Json {
  const [first] = chat.messages;
  const system = first.role === 'system' ? first.content : undefined;
  return {
    model: chat.model,
    max_tokens: chat.max_tokens,
    system,
    messages: restoreMessages(system === undefined ? chat.messages : chat.messages.slice(1)),
    stop_sequences: chat.stop,
    temperature: chat.temperature,
    top_p: chat.top_p,
    top_k: chat.top_k,
    stream: chat.stream,
    metadata: chat.user && { user_id: chat.user },
    service_tier: chat.service_tier === 'default' ? 'standard_only' : chat.service_tier,
    tools: chat.tools?.map(({ function: { name, description, parameters, strict } }: Json) => ({
      name,
      description,
      input_schema: parameters,
      strict,
    })),
    tool_choice: chat.tool_choice && restoreChoice(chat.tool_choice, chat.parallel_tool_calls),
    output_config: chat.reasoning_effort && {
      effort: chat.reasoning_effort,
      format: chat.response_format && {
        type: 'json_schema',
        schema: chat.response_format.json_schema.schema,
      },
    },
  };
}

function onTheWire(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

const plain = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };

function userSaid(content: unknown[]): object {
  return { messages: [{ role: 'user', content }] };
}

function refusal(more: object): string {
  const parsed = messagesRequest.safeParse({ ...plain, ...more });
  if (!parsed.success) return `schema ${parsed.error.issues[0]?.path.join('.')}`;
  try {
    translateRequest(parsed.data);
    return 'taken';
  } catch (thrown) {
    const { code, param } = problemOf(thrown);
    return `${code} ${param}`;
  }
}

describe("a request on Anthropic's wire", () => {
  it('says the same in the dialect of the engines: nothing is lost on the way there and back', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const chat = onTheWire(translateRequest(messagesRequest.parse(asked)));
        const { top_k: _extension, ...standard } = chat;
        expect(chatCompletionRequest.safeParse(standard).error).toBeUndefined();
        expect(onTheWire(restore(chat))).toEqual(asked);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused by name where that dialect has no word for it', () => {
    const png = { type: 'image', source: { type: 'file', file_id: 'f' } };
    expect(refusal({})).toBe('taken');
    expect(refusal({ thinking: { type: 'disabled' } })).toBe('taken');
    expect(refusal({ thinking: { type: 'enabled', budget_tokens: 1024 } })).toBe(
      'unsupported_parameter thinking',
    );
    expect(refusal({ container: 'c' })).toBe('unsupported_parameter container');
    expect(refusal({ output_config: { effort: 'max' } })).toBe('unsupported_parameter output_config.effort');
    expect(refusal({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toBe(
      'unsupported_parameter tools[0].type',
    );
    expect(refusal(userSaid([{ type: 'document', source: {} }]))).toBe(
      'unsupported_parameter messages[0].content[0].type',
    );
    expect(refusal(userSaid([png]))).toBe('unsupported_parameter messages[0].content[0].source.type');
    expect(refusal(userSaid([{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }]))).toBe(
      'taken',
    );
    expect(
      refusal(userSaid([{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }])),
    ).toBe('unsupported_parameter messages[0].content[0].cache_control.ttl');
    expect(
      refusal(
        userSaid([
          { type: 'text', text: 'a' },
          { type: 'tool_result', tool_use_id: 't' },
        ]),
      ),
    ).toBe('invalid_request messages[0].content[1]');
    expect(refusal({ messages: [...plain.messages, { role: 'assistant', content: 'The answer is' }] })).toBe(
      'unsupported_parameter messages[1]',
    );
    const late = [
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'text', text: 'and' },
    ];
    expect(
      refusal({ messages: [...plain.messages, { role: 'assistant', content: late }, ...plain.messages] }),
    ).toBe('unsupported_parameter messages[1].content[1]');
    expect(refusal({ temprature: 1 })).toContain('schema');
    expect(refusal({ max_tokens: undefined })).toBe('schema max_tokens');
  });

  it('is counted by asking for one token', () => {
    const { max_tokens: _, ...counted } = plain;
    const asked: MessagesRequest = messagesRequest.parse(plain);
    expect(onTheWire(translateCount(messagesRequest.omit({ max_tokens: true }).parse(counted)))).toEqual(
      onTheWire({ ...translateRequest(asked), max_tokens: 1 }),
    );
  });
});
