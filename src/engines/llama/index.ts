import type { Engine, LaunchInput, LaunchPlan } from '#contracts';
import { openaiEndpoints, problem, ProblemError } from '#schema';
import { askLife, workerEntry } from '../wire/index.ts';
import { inspectGguf } from './inspect.ts';
import { llamaOptions, parseLlamaOptions, type LlamaOptions } from './options.ts';

export { llamaOptions };

/** Runs GGUF models with llama.cpp in a child process of our own: a fault in native code ends that process only. */
export function createLlamaEngine(): Engine {
  return {
    name: 'llama',
    dialect: 'openai',
    formats: ['gguf'],
    endpoints: openaiEndpoints,
    concurrency: (options) => optionsOf(options).sequences,
    parseOptions: parseLlamaOptions,
    inspect: inspectGguf,
    launch: launchPlan,
    life: askLife,
  };
}

/** Options come back from the store as data; they were accepted once and still are. */
function optionsOf(options: Readonly<Record<string, unknown>>): LlamaOptions {
  const parsed = parseLlamaOptions(options);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  return parsed.value;
}

function launchPlan(input: LaunchInput): LaunchPlan {
  if (input.modelPath === undefined)
    throw new ProblemError(
      problem('model_unavailable', `${input.model}@${input.version} has no file here that llama could load.`),
    );
  return {
    kind: 'process',
    entry: workerEntry(import.meta.url),
    args: [
      '--model',
      input.modelPath,
      '--name',
      `${input.model}@${input.version}`,
      '--options',
      JSON.stringify(optionsOf(input.options)),
      // Nobody waits for it where others serve, and theirs are the answers that its first would be compared with.
      '--warm-up',
      input.othersServe === true ? 'thorough' : 'short',
    ],
    env: {},
    givesWay: input.othersServe,
  };
}
