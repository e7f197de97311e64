import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from './python.ts';
import {
  call,
  makeHome,
  millrace,
  readyReplica,
  removeHome,
  repository,
  startPlatform,
  type Json,
  type RunningPlatform,
} from './platform.ts';

const python = findPython(['torch', 'transformers', 'gguf']);
const why = 'missing' in python ? ` (skipped: ${python.missing})` : '';

describe.skipIf('missing' in python)(`greedy output against transformers, token for token${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-parity-'));
  const home = makeHome();
  let platform: RunningPlatform | undefined;
  afterAll(async () => {
    await platform?.stop();
    removeHome(home);
    rmSync(folder, { recursive: true });
  });

  it(
    'is the same for twenty prompts: same rounding of weights, same KV type, flash attention off',
    { timeout: 600_000 },
    async () => {
      if ('missing' in python) return;
      const made = spawnSync(
        python.command,
        ['-m', 'millrace.recipes.train_lm.parity', '--model', 'models/demo/demo-q8_0.gguf', '--out', folder],
        {
          cwd: repository,
          encoding: 'utf8',
          env: { ...process.env, PYTHONPATH: join(repository, 'python'), OMP_NUM_THREADS: '1' },
        },
      );
      expect({ status: made.status, stderr: made.status === 0 ? '' : made.stderr }).toEqual({
        status: 0,
        stderr: '',
      });
      const expected: Json = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

      platform = await startPlatform({ home });
      expect(expected.prompts).toHaveLength(20);
      const differing: Json[] = [];
      for (const { file, kv_type: kvType } of expected.files) {
        const name = file.replace('.gguf', '');
        const pushed = await millrace(platform, 'models', 'push', join(folder, file), `${name}@1`, '--json');
        expect(pushed.stderr).toBe('');
        const kv = kvType.toLowerCase();
        const options = { kvCacheKeyType: kv, kvCacheValueType: kv, flashAttention: 'off' };
        const spec = { model: name, version: '1', engine: { name: 'llama', options } };
        const resources = [{ kind: 'Deployment', metadata: { name }, spec }];
        expect((await call(platform, 'POST /api/v1/apply', { resources })).status).toBe(200);
        await readyReplica(platform, name);
        for (const prompt of expected.prompts) {
          const asked = {
            model: name,
            prompt: prompt.prompt_ids,
            max_tokens: expected.max_new_tokens,
            temperature: 0,
          };
          const { body } = await call(platform, 'POST /v1/completions', { ...asked, return_token_ids: true });
          const [choice] = body.choices;
          const wanted = prompt.output_ids;
          if (JSON.stringify(choice.token_ids) !== JSON.stringify(wanted))
            differing.push({ name, prompt: prompt.prompt, wanted, got: choice.token_ids });
        }
      }
      expect(differing).toEqual([]);
    },
  );
});
