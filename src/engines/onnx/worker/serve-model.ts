import { writeSync } from 'node:fs';
import type { SignsOfLife } from '#contracts';
import { problem, ProblemError, problemOf } from '#schema';
import { runWorker, workerArgument } from '../../wire/index.ts';
import { parseOnnxOptions, type OnnxOptions } from '../options.ts';
import { createCounters } from './counters.ts';
import { createEmbeddings } from './embeddings.ts';
import { createOip } from './oip.ts';
import { startRunning, type Running } from './running.ts';

type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly running: Running }
  | { readonly kind: 'failed'; readonly message: string };

/** A worker whose model could not be loaded ends soon after somebody has heard why, or when nobody asks for this long. */
const failedForMs = { told: 500, untold: 15_000 };

const argv = process.argv.slice(2);
const name = workerArgument(argv, '--name') ?? 'model@1';
const counters = createCounters();
let state: State = { kind: 'loading' };

function optionsFrom(text: string): OnnxOptions {
  const parsed = parseOnnxOptions(JSON.parse(text));
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  return parsed.value;
}

function running(): Running {
  if (state.kind === 'ready') return state.running;
  if (state.kind === 'failed') throw new ProblemError(problem('model_unavailable', state.message));
  throw new ProblemError(problem('model_loading', `${name} is loading.`, { retryAfterMs: 1000 }));
}

function life(): SignsOfLife {
  const { runs, rows, requests, cancelled, busySeconds, active, waiting } = counters;
  if (state.kind === 'failed') setTimeout(() => process.exit(1), failedForMs.told);
  return {
    state: state.kind,
    ...(state.kind === 'failed' ? { message: state.message } : {}),
    progress: runs + busySeconds,
    active,
    queued: waiting,
    facts: { runs, rows, requests, cancelled },
  };
}

async function load(options: OnnxOptions, serveAsUsual: () => Promise<void>): Promise<void> {
  const path = workerArgument(argv, '--model');
  if (path === undefined) throw new ProblemError(problem('model_unavailable', 'No --model was given.'));
  const made = await startRunning(path, options, counters);
  await serveAsUsual();
  state = { kind: 'ready', running: made };
}

function loadingFailed(error: unknown): void {
  const message = `${name} cannot be loaded: ${problemOf(error).message}`;
  state = { kind: 'failed', message };
  writeSync(2, `${JSON.stringify({ event: 'model-load-failed', message })}\n`);
  setTimeout(() => process.exit(1), failedForMs.untold);
}

const options = optionsFrom(workerArgument(argv, '--options') ?? '{}');
const served = { running, counters, version: name.slice(name.lastIndexOf('@') + 1) };

/** Listens, then loads; `serveAsUsual` is called once the model is there. */
export async function serveModel(serveAsUsual: () => Promise<void>): Promise<void> {
  await runWorker({
    argv,
    routes: { 'POST /v1/embeddings': createEmbeddings(served) },
    raw: createOip(served),
    life,
    // Tensors are larger than texts.
    bodyBytesMax: 256 * 1024 * 1024,
    orphanTimeoutMs: options.orphanTimeoutMs,
  });
  await load(options, serveAsUsual).catch(loadingFailed);
}
