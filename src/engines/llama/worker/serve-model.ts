import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { SignsOfLife } from '#contracts';
import { problem, ProblemError, problemOf } from '#schema';
import { runWorker, workerArgument } from '../../wire/index.ts';
import { parseLlamaOptions, type LlamaOptions } from '../options.ts';
import { createCounters, progressOf } from './counters.ts';
import { loadModel } from './loaded-model.ts';
import { createRequests } from './requests.ts';
import { createRunning, type Running } from './running.ts';
import { warmUp } from './warm-up.ts';

type State =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly running: Running }
  | { readonly kind: 'failed'; readonly message: string };

/** A worker whose model could not be loaded ends soon after somebody has heard why, or when nobody asks for this long. */
const failedForMs = { told: 500, untold: 15_000 };

const argv = process.argv.slice(2);
const name = workerArgument(argv, '--name') ?? 'model';
const counters = createCounters();
let state: State = { kind: 'loading', fraction: 0 };

function writeLine(line: Readonly<Record<string, string>>): void {
  writeSync(2, `${JSON.stringify(line)}\n`);
}

function optionsFrom(text: string): LlamaOptions {
  const parsed = parseLlamaOptions(JSON.parse(text));
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  return parsed.value;
}

function running(): Running {
  if (state.kind === 'ready') return state.running;
  if (state.kind === 'failed') throw new ProblemError(problem('model_unavailable', state.message));
  const message = `${name} is loading: ${Math.round(state.fraction * 100)} %.`;
  throw new ProblemError(problem('model_loading', message, { retryAfterMs: 1000 }));
}

function life(): SignsOfLife {
  const { batches, tokensDecoded, tokensPrefilled, active } = counters;
  if (state.kind === 'failed') setTimeout(() => process.exit(1), failedForMs.told);
  const queued = state.kind === 'ready' ? state.running.waiting() : 0;
  return {
    state: state.kind,
    ...(state.kind === 'loading' ? { loadedFraction: state.fraction } : {}),
    ...(state.kind === 'failed' ? { message: state.message } : {}),
    progress: progressOf(counters),
    active,
    queued,
    facts: {
      tokens_decoded: tokensDecoded,
      tokens_prefilled: tokensPrefilled,
      cached_tokens: counters.cachedTokens,
      batches,
      requests: counters.requests,
      cancelled: counters.cancelled,
      ...(state.kind === 'ready'
        ? { sequences: state.running.sequences, context_tokens: state.running.contextTokens }
        : {}),
    },
  };
}

async function load(options: LlamaOptions, serveAsUsual: () => Promise<void>): Promise<void> {
  const path = workerArgument(argv, '--model');
  if (path === undefined) throw new ProblemError(problem('model_unavailable', 'No --model was given.'));
  const loaded = await loadModel({
    path,
    options,
    counters,
    onProgress: (fraction) => {
      // The engine's last word on this may come after it has finished.
      if (state.kind === 'loading') state = { kind: 'loading', fraction };
    },
    log: (level, message) => writeLine({ event: `llama-${level}`, message: message.trimEnd() }),
  });
  const made = createRunning(loaded, options, counters);
  await warmUp(made, workerArgument(argv, '--warm-up') === 'thorough');
  await serveAsUsual();
  state = { kind: 'ready', running: made };
}

function loadingFailed(error: unknown): void {
  const { message } = problemOf(error);
  state = { kind: 'failed', message: `${name} cannot be loaded: ${message}` };
  writeLine({ event: 'model-load-failed', message: state.message });
  setTimeout(() => process.exit(1), failedForMs.untold);
}

const optionsText = workerArgument(argv, '--options') ?? '{}';
const options = optionsFrom(optionsText);
const fingerprint = `fp_${createHash('sha256').update(`${name} ${optionsText}`).digest('hex').slice(0, 10)}`;

/** Listens, then loads; `serveAsUsual` is called once the model is there. */
export async function serveModel(serveAsUsual: () => Promise<void>): Promise<void> {
  await runWorker({
    argv,
    routes: createRequests({ running, counters, fingerprint }),
    life,
    orphanTimeoutMs: options.orphanTimeoutMs,
  });
  await load(options, serveAsUsual).catch(loadingFailed);
}
