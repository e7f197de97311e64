import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  millrace,
  removeHome,
  repository,
  startPlatform,
  type Finished,
  type Json,
  type RunningPlatform,
} from './platform.ts';

const folder = join(repository, 'models/encoder');
const training: Json = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8'));

function cosine(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

describe('the encoder that comes along', () => {
  let platform: RunningPlatform;
  let client: OpenAI;
  let pushed: Finished;
  let deployed: Finished;
  beforeAll(async () => {
    platform = await startPlatform();
    client = new OpenAI({ baseURL: `${platform.url}/v1`, apiKey: platform.key });
    pushed = await millrace(platform, 'models', 'push', join(folder, training.file), 'encoder@1', '--json');
    deployed = await millrace(platform, 'deploy', 'encoder@1', '--wait');
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    removeHome(platform.home);
  });

  const vectorsOf = async (input: string[]) => {
    const { data } = await client.embeddings.create({ model: 'encoder', input });
    return data.map(({ embedding }) => embedding);
  };

  it('is pushed and deployed with nothing said about it', async () => {
    expect(pushed.stderr).toBe('');
    expect(JSON.parse(pushed.stdout).status).toMatchObject({
      state: 'ready',
      format: 'onnx',
      facts: { task: 'embedding', hasTokenizer: true, licence: 'Apache-2.0' },
    });
    expect(deployed.code).toBe(0);
    expect((await call(platform, 'GET /api/v1/models/encoder')).body.spec.task).toBe('embedding');
  });

  it('gives the vectors that the recipe saw, words cut the same way', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'encoder',
      input: training.reference.map(({ text }: Json) => text),
    });
    const tokens = training.reference.map(({ ids }: Json) => ids.length);
    expect(usage.prompt_tokens).toBe(tokens.reduce((sum: number, count: number) => sum + count, 0));
    for (const [index, { vector }] of training.reference.entries())
      for (const [at, value] of vector.entries()) expect(data[index]?.embedding[at]).toBeCloseTo(value, 3);
    expect(data[0]?.embedding).toHaveLength(training.shape.hidden);
  });

  it('puts near what means the same, and far what does not', async () => {
    const groups = [
      ['What noise does a dog make?', 'How does a dog sound?'],
      ['What is the capital of Spain?', "What's Spain's capital city?"],
      ['Why is the sky blue?', 'Why does the sky look blue?'],
    ];
    const vectors = await vectorsOf(groups.flat());
    for (const [at, own] of vectors.entries()) {
      const others = vectors.map((other, index) => (index === at ? -1 : cosine(own, other)));
      expect(others.indexOf(Math.max(...others))).toBe(at % 2 === 0 ? at + 1 : at - 1);
    }
  });

  it('says the same of a text alone and among many asked at once', async () => {
    const texts = Array.from({ length: 24 }, (_, at) => `There are ${at} apples on the ${at + 1} tables.`);
    const together = await vectorsOf(texts);
    const alone = await Promise.all(texts.map(async (text) => (await vectorsOf([text]))[0] ?? []));
    for (const [at, vector] of alone.entries())
      expect(cosine(vector, together[at] ?? [])).toBeGreaterThan(0.9999);
  });

  it('also serves its tensors', async () => {
    const [{ ids, vector }] = training.reference;
    const shape = [1, ids.length];
    const mask = ids.map(() => 1);
    const inputs = [
      { name: 'input_ids', datatype: 'INT64', shape, data: ids },
      { name: 'attention_mask', datatype: 'INT64', shape, data: mask },
    ];
    const { body } = await call(platform, 'POST /v2/models/encoder/infer', { inputs });
    expect(body.outputs[0]).toMatchObject({ name: 'text_embedding', shape: [1, training.shape.hidden] });
    for (const [at, value] of vector.entries()) expect(body.outputs[0].data[at]).toBeCloseTo(value, 3);
    const { body: told } = await call(platform, 'GET /v2/models/encoder');
    expect(told.inputs.map(({ shape: sizes }: Json) => sizes)).toEqual([
      [-1, -1],
      [-1, -1],
    ]);
  });
});
