import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SignsOfLife } from '#contracts';
import { endpointPaths } from '#schema';
import { speaksOpenai } from './engine-openai.ts';
import type { EngineAtWork, EngineRig } from './engine-rig.ts';

const never = new AbortController().signal;

/** What every engine does, with a replica really running; `speaks` holds the tests of its dialect. */
export function engineConformance(
  label: string,
  build: () => Promise<EngineRig>,
  speaks: (engine: EngineAtWork) => void = speaksOpenai,
): void {
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

    speaks({ rig: () => rig, endpoint: () => endpoint, life });
  });
}
