import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine, SignsOfLife } from '#contracts';
import { endpointPaths } from '#schema';
import { eventsOf, leaveMidway, post } from './post.ts';

/** An engine with something to run, as a test sees it. */
export interface EngineRig {
  readonly engine: Engine;
  /** Options as a person writes them; for `up`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly modelPath?: string | undefined;
  /** Headers that the replica wants. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** False where the replica is somebody else's and tells nothing but that it is there. */
  readonly tellsProgress: boolean;
  /** Model name in requests. */
  readonly model: string;
  /** Brings a replica up; resolves with its endpoint. */
  up(options: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

const never = new AbortController().signal;

/** What every engine does, with a replica really running. */
export function engineConformance(label: string, build: () => Promise<EngineRig>): void {
  describe(`engine ${label}`, () => {
    let rig: EngineRig;
    let options: Readonly<Record<string, unknown>>;
    let endpoint: string;

    const parsed = () => {
      const result = rig.engine.parseOptions(rig.options);
      if (!result.ok) throw new Error(result.problem.message);
      return result.value;
    };
    const life = async (): Promise<SignsOfLife> => {
      const signs = await rig.engine.life(endpoint, never, options);
      if (!signs.ok) throw new Error(signs.problem.message);
      return signs.value;
    };
    const ask = (path: string, body: unknown) => post({ endpoint, path, body, headers: rig.headers });

    beforeAll(async () => {
      rig = await build();
      options = parsed();
      endpoint = await rig.up(options);
      await vi.waitFor(
        async () =>
          expect(await rig.engine.life(endpoint, never, options)).toMatchObject({
            ok: true,
            value: { state: 'ready' },
          }),
        { timeout: 50_000 },
      );
    });
    afterAll(() => rig.close());

    it('says what it is', () => {
      const { engine } = rig;
      expect(engine.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(engine.endpoints.length).toBeGreaterThan(0);
      expect(endpointPaths).toEqual(expect.arrayContaining([...engine.endpoints]));
      expect(engine.concurrency(options)).toBeGreaterThanOrEqual(1);
      expect(engine.inspect !== undefined).toBe(engine.formats.length > 0);
    });

    it('understands its options as they come back from the store, and names what it does not know', () => {
      const stored: unknown = JSON.parse(JSON.stringify(options));
      expect(rig.engine.parseOptions(stored)).toEqual({ ok: true, value: options });
      expect(rig.engine.parseOptions({ ...rig.options, misspelt: 1 })).toMatchObject({
        ok: false,
        problem: { param: expect.stringContaining('misspelt') },
      });
      expect(rig.engine.parseOptions('nonsense')).toMatchObject({ ok: false });
    });

    it('plans a launch as plain data, the same each time', () => {
      const input = { replica: 'r', model: 'm', version: '1', modelPath: rig.modelPath, options };
      const plan = rig.engine.launch(input);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(rig.engine.launch(input)).toEqual(plan);
    });

    it('knows silence from life', async () => {
      const silent = await rig.engine.life('unix:/nowhere/at/all.sock', never, options);
      expect(silent).toMatchObject({ ok: false, problem: { code: 'replica_failed' } });
      const given = new AbortController();
      given.abort();
      expect(await rig.engine.life(endpoint, given.signal, options)).toMatchObject({ ok: false });
    });

    it('answers in a conversation and counts its tokens', async () => {
      const before = await life();
      const messages = [{ role: 'user', content: 'Say something.' }];
      const got = await ask('/v1/chat/completions', { model: rig.model, messages, max_tokens: 8 });
      expect(got.status).toBe(200);
      expect(JSON.parse(got.text)).toMatchObject({
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: expect.any(String) } }],
        usage: { completion_tokens: expect.any(Number), prompt_tokens: expect.any(Number) },
      });
      const grown = (await life()).progress - before.progress;
      expect(grown > 0).toBe(rig.tellsProgress);
    });

    it('streams the same words, with usage when it is asked for', async () => {
      const messages = [{ role: 'user', content: 'Say something.' }];
      const body = { model: rig.model, messages, max_tokens: 8, seed: 1, temperature: 0 };
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
      const empty = await ask('/v1/chat/completions', { model: rig.model });
      expect(empty.status).toBe(400);
      const lost = await ask('/v1/nowhere', {});
      expect(lost.status).toBe(404);
    });

    it('stops computing when the client leaves', async () => {
      const messages = [{ role: 'user', content: 'Tell a long story. !tokens 100000 ' }];
      const body = { model: rig.model, messages, max_tokens: 500, stream: true };
      await leaveMidway({ endpoint, path: '/v1/chat/completions', body, headers: rig.headers });
      await expect.poll(async () => (await life()).active, { timeout: 20_000 }).toBe(0);
      const { progress } = await life();
      expect((await life()).progress).toBe(progress);
    });
  });
}
