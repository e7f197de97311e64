import { expect, it } from 'vitest';
import type { EngineAtWork } from './engine-rig.ts';
import { eventsOf, leaveMidway, post } from './post.ts';

/** What every engine does that speaks OpenAI's dialect. */
export function speaksOpenai({ rig, endpoint, life }: EngineAtWork): void {
  const ask = (path: string, body: unknown) =>
    post({ endpoint: endpoint(), path, body, headers: rig().headers });

  it('answers in a conversation and counts its tokens', async () => {
    const before = await life();
    const messages = [{ role: 'user', content: 'Say something.' }];
    const got = await ask('/v1/chat/completions', { model: rig().model, messages, max_tokens: 8 });
    expect(got.status).toBe(200);
    expect(JSON.parse(got.text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: expect.any(String) } }],
      usage: { completion_tokens: expect.any(Number), prompt_tokens: expect.any(Number) },
    });
    const grown = (await life()).progress - before.progress;
    expect(grown > 0).toBe(rig().tellsProgress);
  });

  it('streams the same words, with usage when it is asked for', async () => {
    const messages = [{ role: 'user', content: 'Say something.' }];
    const body = { model: rig().model, messages, max_tokens: 8, seed: 1, temperature: 0 };
    const whole = JSON.parse((await ask('/v1/chat/completions', body)).text);
    const streamed = await ask('/v1/chat/completions', {
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
    const events = eventsOf(streamed.text);
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    const said = chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
    expect(said).toBe(whole.choices[0].message.content);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('refuses in the shape that clients know', async () => {
    const broken = await ask('/v1/chat/completions', '{"model":');
    expect(broken.status).toBe(400);
    expect(JSON.parse(broken.text)).toMatchObject({ error: { message: expect.any(String) } });
    const empty = await ask('/v1/chat/completions', { model: rig().model });
    expect(empty.status).toBe(400);
    const lost = await ask('/v1/nowhere', {});
    expect(lost.status).toBe(404);
  });

  it('stops computing when the client leaves', async () => {
    const messages = [{ role: 'user', content: 'Tell a long story. !tokens 100000 ' }];
    const body = { model: rig().model, messages, max_tokens: 500, stream: true };
    await leaveMidway({ endpoint: endpoint(), path: '/v1/chat/completions', body, headers: rig().headers });
    await expect.poll(async () => (await life()).active, { timeout: 20_000 }).toBe(0);
    const { progress } = await life();
    expect((await life()).progress).toBe(progress);
  });
}
