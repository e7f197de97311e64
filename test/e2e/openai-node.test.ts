import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateOpenAI } from '../data/openai/validate.ts';
import {
  call,
  eventually,
  lifeOf,
  readyReplica,
  removeHome,
  startPlatform,
  type RunningPlatform,
} from './platform.ts';

let platform: RunningPlatform;
let client: OpenAI;

beforeAll(async () => {
  platform = await startPlatform({ viaStart: true, env: { MILLRACE_DEMO: 'true' } });
  client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: platform.key, maxRetries: 0 });
}, 120_000);

afterAll(async () => {
  await platform.stop();
  removeHome(platform.home);
});

const question = [{ role: 'user' as const, content: 'What is the capital of France?' }];

/** The engine's own counters, as its signs of life tell them. */
async function counters(): Promise<Record<string, number>> {
  const life = await lifeOf(await readyReplica(platform, 'demo'));
  return { active: life.active, progress: life.progress, ...life.facts };
}

describe("the official client for Node against npm start's platform", () => {
  it('prints the address, the key and a line that works', async () => {
    const line = /curl .*/.exec(platform.output())?.[0];
    expect(platform.output()).toContain(platform.key);
    expect(line).toBeDefined();
    expect(line).toContain('/v1/chat/completions');
  });

  it('lists the models', async () => {
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toEqual(['demo']);
    validateOpenAI('ListModelsResponse', { object: 'list', data: models.data });
  });

  it('answers a chat, held until the model has loaded', async () => {
    const answer = await client.chat.completions.create({
      model: 'demo',
      messages: question,
      max_tokens: 32,
      temperature: 0,
    });
    validateOpenAI('CreateChatCompletionResponse', answer);
    expect(answer.choices[0]?.message.content).toContain('Paris');
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('streams the same answer in pieces, usage last', async () => {
    const asked = { model: 'demo', messages: question, max_tokens: 32, seed: 7, temperature: 0.7 } as const;
    const whole = await client.chat.completions.create(asked);
    const stream = await client.chat.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage;
    for await (const chunk of stream) {
      validateOpenAI('CreateChatCompletionStreamResponse', chunk);
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage).toEqual(whole.usage);
  });

  it('gives log probabilities and several choices', async () => {
    const answer = await client.chat.completions.create({
      model: 'demo',
      messages: question,
      max_tokens: 8,
      n: 2,
      seed: 1,
      logprobs: true,
      top_logprobs: 3,
    });
    validateOpenAI('CreateChatCompletionResponse', answer);
    expect(answer.choices).toHaveLength(2);
    for (const { logprob, top_logprobs } of answer.choices[0]?.logprobs?.content ?? []) {
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top_logprobs.length).toBeLessThanOrEqual(3);
    }
  });

  it('stops where it is told to', async () => {
    const answer = await client.completions.create({
      model: 'demo',
      prompt: 'One, two, three, four, five',
      max_tokens: 64,
      stop: [',', '.'],
      temperature: 0,
    });
    validateOpenAI('CreateCompletionResponse', answer);
    expect(answer.choices[0]?.text).not.toMatch(/[,.]/);
  });

  it('keeps to a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { enum: ['Paris', 'London', 'Rome'] }, big: { type: 'boolean' } },
      required: ['city', 'big'],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      model: 'demo',
      messages: question,
      max_tokens: 128,
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema, strict: true } },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? '');
    expect(Object.keys(value).toSorted()).toEqual(['big', 'city']);
    expect(['Paris', 'London', 'Rome']).toContain(value.city);
    expect(typeof value.big).toBe('boolean');
  });

  it('embeds texts, the same text always to the same vector', async () => {
    const answer = await client.embeddings.create({
      model: 'demo',
      input: ['a cat', 'a dog', 'a cat'],
      encoding_format: 'float',
    });
    validateOpenAI('CreateEmbeddingResponse', answer);
    expect(answer.data[0]?.embedding).toEqual(answer.data[2]?.embedding);
    expect(answer.data[0]?.embedding).not.toEqual(answer.data[1]?.embedding);
  });

  it("gives errors in the client's own classes", async () => {
    const wrongKey = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: 'mr_wrong', maxRetries: 0 });
    await expect(wrongKey.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(
      client.chat.completions.create({ model: 'nobody', messages: question }),
    ).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];
    await expect(
      client.chat.completions.create({ model: 'demo', messages: question, tools }),
    ).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'tools' });
    const long = [{ role: 'user' as const, content: 'word '.repeat(50_000) }];
    await expect(client.chat.completions.create({ model: 'demo', messages: long })).rejects.toMatchObject({
      code: 'context_length_exceeded',
    });
    await expect(
      client.chat.completions.create({ model: 'demo', messages: question, temperature: 9 }),
    ).rejects.toMatchObject({ status: 400, param: 'temperature' });
  });

  it('stops computing when the client goes away', async () => {
    const before = await counters();
    const stream = await client.completions.create({
      model: 'demo',
      prompt: 'Once upon a time',
      temperature: 1,
      max_tokens: 900,
      stream: true,
    });
    let pieces = 0;
    for await (const _ of stream) if (++pieces === 3) break;
    stream.controller.abort();
    const stopped = await eventually(async () => {
      const now = await counters();
      return now['active'] === 0 && now;
    }, 'the engine to be idle');
    const later = await counters();
    expect(later['tokens_decoded']).toBe(stopped['tokens_decoded']);
    expect(later['cancelled']).toBe((before['cancelled'] ?? 0) + 1);
  });

  it('answers the plain way too, with its confidence', async () => {
    const { status, body } = await call(platform, 'POST /v1/inference', {
      model: 'demo',
      input_text: 'What is the capital of France?',
      max_length: 32,
      temperature: 0,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ model: 'demo', version: '1' });
    expect(body.predictions[0].text).toContain('Paris');
    expect(body.confidence).toBeGreaterThan(0);
    expect(body.confidence).toBeLessThanOrEqual(1);
  });
});
