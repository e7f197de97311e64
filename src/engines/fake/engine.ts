import type { Engine } from '#contracts';
import { openaiEndpoints, explain, problem } from '#schema';
import { askLife, workerEntry } from '../wire/index.ts';
import { fakeOptions } from './options.ts';

/** An engine without a model: real HTTP in a real child process, whose behaviour is scripted by its options. */
export function createFakeEngine(): Engine {
  return {
    name: 'fake',
    dialect: 'openai',
    formats: [],
    endpoints: openaiEndpoints,
    concurrency: (options) => fakeOptions.parse(options).concurrency,
    parseOptions: (options) => {
      const parsed = fakeOptions.safeParse(options ?? {});
      if (parsed.success) return { ok: true, value: parsed.data };
      const { param, message } = explain(fakeOptions, parsed.error, options);
      return {
        ok: false,
        problem: problem('invalid_resource', message, { param: `spec.engine.options.${param}` }),
      };
    },
    launch: ({ model, options }) => ({
      kind: 'process',
      entry: workerEntry(import.meta.url),
      args: ['--model', model, '--options', JSON.stringify(options)],
      env: {},
    }),
    life: (endpoint, signal) => askLife(endpoint, signal),
  };
}
