import type { Engine, LaunchInput, LaunchPlan } from '#contracts';
import { oipEndpoints, problem, ProblemError } from '#schema';
import { askLife, workerEntry } from '../wire/index.ts';
import { inspectOnnx } from './inspect.ts';
import { onnxOptions, parseOnnxOptions, type OnnxOptions } from './options.ts';

export { onnxOptions };

/** Runs ONNX models in a child process of our own: a run blocks the thread it is on, and a fault in it ends that process only. */
export function createOnnxEngine(): Engine {
  return {
    name: 'onnx',
    dialect: 'oip',
    formats: ['onnx'],
    endpoints: [...oipEndpoints, '/v1/embeddings'],
    concurrency: (options) => optionsOf(options).concurrency,
    batchSizeMax: (options) => optionsOf(options).batchSizeMax,
    parseOptions: parseOnnxOptions,
    inspect: inspectOnnx,
    launch: launchPlan,
    life: askLife,
  };
}

/** Options come back from the store as data; they were accepted once and still are. */
function optionsOf(options: Readonly<Record<string, unknown>>): OnnxOptions {
  const parsed = parseOnnxOptions(options);
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  return parsed.value;
}

function launchPlan({ model, version, modelPath, options, othersServe }: LaunchInput): LaunchPlan {
  if (modelPath === undefined)
    throw new ProblemError(
      problem('model_unavailable', `${model}@${version} has no file here that onnx could load.`),
    );
  return {
    kind: 'process',
    entry: workerEntry(import.meta.url),
    args: [
      '--model',
      modelPath,
      '--name',
      `${model}@${version}`,
      '--options',
      JSON.stringify(optionsOf(options)),
    ],
    env: {},
    givesWay: othersServe,
  };
}
