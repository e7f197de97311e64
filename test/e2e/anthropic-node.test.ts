import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  eventually,
  lifeOf,
  readyReplica,
  removeHome,
  startPlatform,
  type Json,
  type RunningPlatform,
} from './platform.ts';

let platform: RunningPlatform;
let client: Anthropic;
let others: { readonly url: string; readonly asked: Json[]; close(): void };

/** An endpoint of others whose model calls tools. */
async function startToolCaller(): Promise<typeof others> {
  const asked: Json[] = [];
  const use = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
  const usage = { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.end('{"data":[]}');
      return;
    }
    const body: Json = await json(request);
    asked.push(body);
    if (body.stream !== true) {
      const message = { role: 'assistant', content: 'Let me look.', tool_calls: [use] };
      response.end(
        JSON.stringify({ model: 'tooled', choices: [{ message, finish_reason: 'tool_calls' }], usage }),
      );
      return;
    }
    const say = (value: object) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    const piece = (made: object) =>
      say({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...made }] } }] });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    piece({ ...use, function: { name: 'weather', arguments: '' } });
    for (const text of ['{"ci', 'ty":"Ro', 'me"}']) piece({ function: { arguments: text } });
    say({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] });
    say({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  }
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function deploy(name: string, engine: object): Promise<void> {
  const { status } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      { kind: 'Model', metadata: { name }, spec: { task: 'chat' } },
      {
        kind: 'ModelVersion',
        metadata: { name: `${name}.1` },
        spec: { model: name, version: '1', source: 'none' },
      },
      { kind: 'Deployment', metadata: { name }, spec: { model: name, version: '1', engine } },
    ],
  });
  expect(status).toBe(200);
  await readyReplica(platform, name);
}

beforeAll(async () => {
  platform = await startPlatform({ env: { MILLRACE_DEMO: 'true' } });
  client = new Anthropic({ baseURL: platform.url, apiKey: platform.key, maxRetries: 0 });
  others = await startToolCaller();
  await readyReplica(platform, 'demo');
  await deploy('tooled', { name: 'openai', options: { url: others.url } });
  await deploy('slow', { name: 'fake', options: { tokenMs: 20, tokens: 5000 } });
}, 120_000);

afterAll(async () => {
  others.close();
  await platform.stop();
  removeHome(platform.home);
});

const question = [{ role: 'user' as const, content: 'What is the capital of France?' }];
const asked = { model: 'demo', max_tokens: 32, messages: question };
/** Fields that this client's types no longer have. */
const greedily = { temperature: 0 };
const choosy = { top_k: 5 };

const tools = [
  {
    name: 'weather',
    description: 'The weather in a city.',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

describe("Anthropic's official client for Node", () => {
  it('gets an answer with its usage and the reason it ended', async () => {
    const whole = client.messages.create({ ...asked, system: 'Answer shortly.', ...greedily });
    const { data, response, request_id: requestId } = await whole.withResponse();
    expect(textOf(data)).toContain('Paris');
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(data.usage.input_tokens + (data.usage.cache_read_input_tokens ?? 0)).toBeGreaterThan(0);
    expect(data.usage.output_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-millrace-model')).toBe('demo@1');
    expect(requestId).toBe(response.headers.get('x-request-id'));
    const cut = await client.messages.create(
      { ...asked, max_tokens: 1 },
      { headers: { 'anthropic-version': '2023-06-01' } },
    );
    expect(cut.stop_reason).toBe('max_tokens');
    const stopped = { ...asked, ...greedily, stop_sequences: ['never said', ' France'] };
    const ended = await client.messages.create(stopped);
    expect(ended).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' France' });
    const streamed = await client.messages.stream(stopped).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' France' });
  });

  it('streams the same answer in pieces, usage last', async () => {
    const greedy = { ...asked, ...greedily };
    const whole = await client.messages.create(greedy);
    const types: string[] = [];
    const stream = client.messages.stream(greedy);
    stream.on('streamEvent', ({ type }) => types.push(type));
    const streamed = await stream.finalMessage();
    expect(textOf(streamed)).toBe(textOf(whole));
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(types[0]).toBe('message_start');
    expect(types.filter((type) => type === 'content_block_delta').length).toBeGreaterThan(1);
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
  });

  it('counts the tokens of a prompt as the engine does', async () => {
    const { usage } = await client.messages.create(asked);
    const counted = await client.messages.countTokens({ model: 'demo', messages: question });
    expect(counted).toEqual({ input_tokens: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) });
  });

  it('hands tools to an engine that has them, whole and streamed', async () => {
    const before = [
      ...question,
      {
        role: 'assistant' as const,
        content: [{ type: 'tool_use' as const, id: 'call_0', name: 'weather', input: { city: 'Oslo' } }],
      },
      {
        role: 'user' as const,
        content: [{ type: 'tool_result' as const, tool_use_id: 'call_0', content: 'Snow.' }],
      },
    ];
    const given = {
      model: 'tooled',
      max_tokens: 64,
      tools,
      tool_choice: { type: 'any' as const },
      messages: before,
    };
    const whole = await client.messages.create(given);
    const use = { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Rome' } };
    expect(whole.content).toEqual([{ type: 'text', text: 'Let me look.' }, use]);
    expect(whole.stop_reason).toBe('tool_use');
    expect(whole.usage).toMatchObject({ input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 5 });
    const streamed = await client.messages.stream(given).finalMessage();
    expect(streamed.content).toMatchObject([use]);
    expect(streamed.usage).toMatchObject({ input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 5 });
    expect(others.asked.at(-1)).toMatchObject({
      tool_choice: 'required',
      tools: [{ type: 'function', function: { name: 'weather', parameters: tools[0]?.input_schema } }],
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'call_0', function: { arguments: '{"city":"Oslo"}' } }] },
        { role: 'tool', tool_call_id: 'call_0', content: 'Snow.' },
      ],
    });
  });

  it("gives errors in the client's own classes", async () => {
    const stranger = new Anthropic({ baseURL: platform.url, apiKey: 'mr_wrong', maxRetries: 0 });
    await expect(stranger.messages.create(asked)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(stranger.messages.create(asked)).rejects.toMatchObject({
      error: { type: 'error', error: { type: 'authentication_error', code: 'invalid_key' } },
      requestID: expect.any(String),
    });
    await expect(client.messages.create({ ...asked, model: 'nobody' })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
    await expect(client.messages.create({ ...asked, tools })).rejects.toMatchObject({
      status: 400,
      error: { error: { type: 'invalid_request_error', code: 'unsupported_parameter', param: 'tools' } },
    });
    await expect(client.messages.create({ ...asked, ...choosy })).rejects.toMatchObject({
      status: 400,
      error: { error: { param: 'top_k' } },
    });
    await expect(client.messages.create({ ...asked, model: 'slow', ...choosy })).rejects.toMatchObject({
      error: { error: { param: 'top_k' } },
    });
    await expect(
      client.messages.create({ ...asked, thinking: { type: 'enabled', budget_tokens: 1024 } }),
    ).rejects.toMatchObject({ status: 400, error: { error: { param: 'thinking' } } });
    await expect(client.messages.stream({ ...asked, tools }).finalMessage()).rejects.toMatchObject({
      error: { error: { param: 'tools' } },
    });
    const old = client.messages.create(asked, { headers: { 'anthropic-version': '2023-01-01' } });
    await expect(old).rejects.toMatchObject({ error: { error: { param: 'anthropic-version' } } });
  });

  it('stops the engine when the client goes away, and tells of an engine that dies', async () => {
    const active = async () => (await lifeOf(await readyReplica(platform, 'slow'))).active;
    const leaving = client.messages.stream({ ...asked, model: 'slow', max_tokens: 5000 });
    leaving.on('text', () => {
      leaving.abort();
    });
    await expect(leaving.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await eventually(async () => (await active()) === 0, 'the engine to be idle');
    const replica = await readyReplica(platform, 'slow');
    const broken = client.messages.stream({ ...asked, model: 'slow', max_tokens: 5000 });
    let killed = false;
    broken.on('text', () => {
      if (!killed) process.kill(replica.status.identity.pid, 'SIGKILL');
      killed = true;
    });
    await expect(broken.finalMessage()).rejects.toMatchObject({
      error: { type: 'error', error: { type: 'api_error', code: 'replica_failed' } },
    });
  });
});
