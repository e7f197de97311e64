import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Log } from '#contracts';
import type { ThreadSpec } from './thread-spec.ts';
import type { StepAnswer, StepCall, StepForget, StepsLoaded } from './worker/messages.ts';

export interface StepWorker {
  send(call: StepCall | StepForget): void;
  /** Ends it; nothing more is heard of it. */
  end(): Promise<void>;
}

export interface WorkerListener {
  heard(message: StepAnswer | StepsLoaded): void;
  /** It ended by itself; called once. */
  ended(why: string): void;
}

/** Built threads run as they are. Sources go through the project's own tsx, which knows no option for threads. */
function entry(): { readonly program: URL | string; readonly eval: boolean } {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return { program: new URL('./worker/main.js', here), eval: false };
  const tsx = pathToFileURL(
    createRequire(here)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href;
  const main = new URL('./worker/main.ts', here).href;
  const program = `import(${JSON.stringify(tsx)}).then(({ tsImport }) => tsImport(${JSON.stringify(main)}, ${JSON.stringify(here)}))`;
  return { program, eval: true };
}

/** So much of what a step prints at once goes to the log. */
const saidCharactersMax = 2000;

/** `line`: where it is heard. Not its `parentPort`, since users' modules can speak there too, and say anything. */
function createWorker({ pre, post, score, memoryMb }: ThreadSpec): { worker: Worker; line: MessagePort } {
  const { program, eval: isText } = entry();
  const { port1: line, port2: its } = new MessageChannel();
  const worker = new Worker(program, {
    workerData: { pre, post, score, line: its },
    transferList: [its],
    eval: isText,
    execArgv: [],
    // Nothing of the platform's environment: keys of others may stand there.
    env: {},
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: Math.ceil(memoryMb / 4),
    },
    stdout: true,
    stderr: true,
    name: 'steps',
  });
  return { worker, line };
}

/** Starts a thread for a user's modules: with little memory, without an environment, heard of by messages alone. */
export function startWorker(spec: ThreadSpec, log: Log, listener: WorkerListener): StepWorker {
  const { worker, line } = createWorker(spec);
  let over = false;
  function ended(why: string): void {
    if (over) return;
    over = true;
    line.close();
    listener.ended(why);
  }
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.info('step-said', { message: text.slice(0, saidCharactersMax) });
    });
  line.on('message', (message: StepAnswer | StepsLoaded) => {
    if (!over) listener.heard(message);
  });
  worker.on('error', (fault) => {
    ended(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
  });
  worker.on('exit', (code) => {
    ended(`It ended with code ${code}.`);
  });
  worker.unref();
  line.unref();
  return {
    send(call) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      line.postMessage(call);
    },
    async end() {
      over = true;
      line.close();
      await worker.terminate();
    },
  };
}
