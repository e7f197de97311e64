import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { SignsOfLife } from '#contracts';
import { engineConformance } from '../../../test/conformance/engine.ts';
import { eventsOf, leaveMidway, post, type Posted } from '../../../test/conformance/post.ts';
import { runPlan, type RunningPlan } from '../../../test/conformance/run-plan.ts';
import { createFakeEngine } from './index.ts';

const engine = createFakeEngine();
const never = new AbortController().signal;
const running: RunningPlan[] = [];

type Written = Readonly<Record<string, unknown>>;

async function start(options: Written, listenOn: 'unix' | 'tcp' = 'unix'): Promise<RunningPlan> {
  const parsed = engine.parseOptions(options);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const input = { replica: 'r', model: 'demo', version: '1', modelPath: undefined, options: parsed.value };
  const run = await runPlan(engine.launch(input), listenOn);
  running.push(run);
  return run;
}

async function stateOf({ endpoint }: RunningPlan): Promise<SignsOfLife['state'] | undefined> {
  const life = await engine.life(endpoint, never);
  return life.ok ? life.value.state : undefined;
}

async function up(options: Written, listenOn: 'unix' | 'tcp' = 'unix'): Promise<RunningPlan> {
  const run = await start(options, listenOn);
  await expect.poll(() => stateOf(run), { timeout: 20_000 }).toBe('ready');
  return run;
}

function complete(run: RunningPlan, prompt: string, more: object = {}): Promise<Posted> {
  return post({ endpoint: run.endpoint, path: '/v1/completions', body: { prompt, ...more } });
}

async function lifeOf(run: RunningPlan): Promise<SignsOfLife> {
  const life = await engine.life(run.endpoint, never);
  if (!life.ok) throw new Error(life.problem.message);
  return life.value;
}

afterEach(async () => {
  for (const run of running.splice(0)) await run.close();
});

function likeness(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}

engineConformance('fake', async () => {
  let run: RunningPlan | undefined;
  return {
    engine,
    options: { tokenMs: 2, tokens: 20 },
    tellsProgress: true,
    model: 'demo',
    up: async (options) => {
      run = await runPlan(
        engine.launch({ replica: 'r', model: 'demo', version: '1', modelPath: undefined, options }),
      );
      return run.endpoint;
    },
    close: async () => run?.close(),
  };
});

describe('the fake engine answers', () => {
  it('the official client, whole, streamed, and with vectors', async () => {
    const run = await up({ tokens: 5, embeddingDimensions: 16 }, 'tcp');
    const client = new OpenAI({ apiKey: 'none', baseURL: `${run.endpoint}/v1`, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Good morning' }];
    const whole = await client.chat.completions.create({ model: 'demo', messages });
    expect(whole.usage).toEqual({ prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 });
    const stream = await client.chat.completions.create({ model: 'demo', messages, stream: true });
    let said = '';
    for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
    expect(said).toBe(whole.choices[0]?.message.content);

    const near = await client.embeddings.create({
      model: 'demo',
      input: ['a red fox', 'a red fox ran', 'x y'],
    });
    const [fox = [], ran = [], other = []] = near.data.map(({ embedding }) => embedding);
    expect(fox).toHaveLength(16);
    expect(likeness(fox, fox)).toBeCloseTo(1, 4);
    expect(likeness(fox, ran)).toBeGreaterThan(likeness(fox, other));
  });

  it('what it is told to, up to the stop word or the limit', async () => {
    const run = await up({ text: 'one two three four' });
    const answer = async (more: object) => JSON.parse((await complete(run, 'count', more)).text).choices[0];
    expect(await answer({})).toMatchObject({ text: 'one two three four', finish_reason: 'stop' });
    expect(await answer({ stop: ['three'] })).toMatchObject({ text: 'one two', finish_reason: 'stop' });
    expect(await answer({ max_tokens: 3 })).toMatchObject({ text: 'one two three', finish_reason: 'length' });
  });

  it('several together, step by step, whoever leaves', async () => {
    const run = await up({ steps: { ms: 2 }, tokens: 12, concurrency: 3 });
    const leaving = leaveMidway({
      endpoint: run.endpoint,
      path: '/v1/completions',
      body: { prompt: 'a', stream: true },
    });
    const answers = await Promise.all(
      ['a b c', 'd', 'e', 'f'].map((prompt) => complete(run, prompt, { stream: prompt === 'd' })),
    );
    await leaving;
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(JSON.parse(answers[0]?.text ?? '').usage).toMatchObject({
      prompt_tokens: 3,
      completion_tokens: 12,
    });
    const texts = eventsOf(answers[1]?.text ?? '').flatMap((event) =>
      event === '[DONE]' ? [] : [JSON.parse(event)],
    );
    expect(texts.filter(({ choices }) => choices[0]?.text !== '')).toHaveLength(12);
    await expect.poll(async () => (await lifeOf(run)).active).toBe(0);
  });

  it('the same to the same, and something else under another seed', async () => {
    const run = await up({});
    const texts = await Promise.all(
      [{}, {}, { seed: 5 }].map(
        async (more) => JSON.parse((await complete(run, 'hello', more)).text).choices[0].text,
      ),
    );
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  it('by name to what it cannot do', async () => {
    const run = await up({ contextTokens: 3 });
    const refusal = async (more: object, prompt = 'hello') => {
      const got = await complete(run, prompt, more);
      const { code, param } = JSON.parse(got.text).error;
      return [got.status, code, param];
    };
    expect(await refusal({ n: 2 })).toEqual([400, 'unsupported_parameter', 'n']);
    expect(await refusal({ max_tokens: 'many' })).toEqual([400, 'invalid_request', 'max_tokens']);
    expect(await refusal({}, 'one two three four')).toEqual([400, 'context_length_exceeded', null]);
    expect((await complete(run, 'hello', { n: 1, logprobs: null, echo: false })).status).toBe(200);
  });
});

describe('the fake engine works on so many requests at once', () => {
  it('lets others wait, refuses what is too many, and forgets who left', async () => {
    const run = await up({ concurrency: 1, queueDepthMax: 1, tokens: 1 });
    const slow = post({ endpoint: run.endpoint, path: '/v1/completions', body: { prompt: '!sleep 600' } });
    await expect.poll(() => lifeOf(run)).toMatchObject({ active: 1, queued: 0 });
    const waiting = complete(run, 'me too');
    await expect.poll(() => lifeOf(run)).toMatchObject({ active: 1, queued: 1 });
    expect((await complete(run, 'and me')).status).toBe(503);
    expect((await slow).status).toBe(200);
    expect((await waiting).status).toBe(200);
    await leaveMidway({
      endpoint: run.endpoint,
      path: '/v1/completions',
      body: { prompt: '!tokens 100000', stream: true },
    });
    await expect
      .poll(() => lifeOf(run))
      .toMatchObject({ active: 0, queued: 0, facts: { requests: 3, cancelled: 1 } });
  });
});

describe('the fake engine loads', () => {
  it('as long as it is told to, saying how far it is', async () => {
    const run = await start({ loadMs: 60_000 });
    await expect.poll(() => stateOf(run), { timeout: 20_000 }).toBe('loading');
    const first = await lifeOf(run);
    await expect
      .poll(async () => (await lifeOf(run)).loadedFraction)
      .toBeGreaterThan(first.loadedFraction ?? 1);
    const refused = await complete(run, 'hello');
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([503, 'model_loading']);
  });

  it('in vain when it is told to', async () => {
    const run = await start({ failLoad: 'the file is cursed' });
    await expect.poll(() => stateOf(run), { timeout: 20_000 }).toBe('failed');
    expect((await lifeOf(run)).message).toBe('the file is cursed');
    expect((await complete(run, 'hello')).status).toBe(503);
  });

  it('at the second attempt, having died at the first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starts-'));
    const options = { exitDuringLoadTimes: 1, startsFile: join(folder, 'starts'), memoryBytes: 1_000_000 };
    expect((await (await start(options)).exit).reason).toContain('exited with code 3');
    expect(await stateOf(await up(options))).toBe('ready');
    rmSync(folder, { recursive: true });
    expect(engine.parseOptions({ exitDuringLoadTimes: 1 })).toMatchObject({
      ok: false,
      problem: { param: 'spec.engine.options.startsFile' },
    });
  });
});

describe('the fake engine fails', () => {
  it.each([
    [{ crashBy: 'SIGKILL' }, '!crash', 'killed by SIGKILL'],
    [{ crashOnPrompt: 'poison' }, 'some poison please', 'killed by SIGSEGV'],
    [{ crashAfterTokens: 3, crashBy: 'exit' }, 'hello', 'exited with code 3'],
  ])('by dying (%j)', async (options, prompt, reason) => {
    const run = await up(options);
    await expect(complete(run, prompt)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await run.exit).reason).toContain(reason);
  });

  it('by staying alive and doing nothing', async () => {
    const run = await up({ hangAfterTokens: 5 });
    const streaming = complete(run, 'hello', { stream: true }).catch(() => undefined);
    await expect.poll(() => lifeOf(run)).toMatchObject({ progress: 5, active: 1 });
    const other = complete(run, 'hello').catch(() => undefined);
    await expect.poll(() => lifeOf(run)).toMatchObject({ progress: 5, active: 2 });
    await run.stop(0);
    await Promise.all([streaming, other]);
  });

  it('by not even saying that it lives', async () => {
    const run = await up({ hangLife: true });
    const hanging = complete(run, '!hang').catch(() => undefined);
    await expect.poll(() => stateOf(run), { timeout: 20_000 }).toBeUndefined();
    await run.stop(0);
    await hanging;
  });

  it('now and then, by count, by chance, or when a prompt asks for it', async () => {
    const run = await up({ errorEvery: 2, errorStatus: 418 });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await complete(run, 'hello')).status);
    statuses.push((await complete(run, '!error 429')).status);
    expect(statuses).toEqual([200, 418, 200, 418, 429]);

    const unlucky = await up({ errorRate: 1 });
    expect((await complete(unlucky, 'hello')).status).toBe(500);
  });

  it('to end when it is asked to, or when nobody needs it any more', async () => {
    const stubborn = await up({ ignoreStop: true });
    await stubborn.stop(200);
    expect(await stateOf(stubborn)).toBeUndefined();
    const orphan = await start({ orphanTimeoutMs: 100 });
    expect((await orphan.exit).reason).toBe(
      'exited with code 0; last line: Nobody asked for 100 ms; ending.',
    );
  });

  it('not at the Ctrl-C that is meant for the platform', async () => {
    const run = await up({});
    process.kill(Number(run.handle.identity['pid']), 'SIGINT');
    expect((await complete(run, 'hello')).status).toBe(200);
    expect(await stateOf(run)).toBe('ready');
  });

  it('no request that runs when it is stopped', async () => {
    const run = await up({ tokens: 2 });
    const working = complete(run, '!sleep 500', { stream: true });
    await expect.poll(() => lifeOf(run)).toMatchObject({ active: 1 });
    await run.stop(20_000);
    expect(eventsOf((await working).text).at(-1)).toBe('[DONE]');
  });
});
