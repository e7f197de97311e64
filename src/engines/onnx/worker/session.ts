import { Worker } from 'node:worker_threads';
import { problem, ProblemError } from '#schema';
import { buffersOf, type RunOrder, type SessionNews, type SessionSpec } from './session-messages.ts';
import type { Tensors } from './tensor.ts';

export interface Ran {
  readonly outputs: Tensors;
  readonly runMs: number;
}

/** A loaded model on a thread of its own. */
export interface Session {
  /**
   * Computes the outputs. The memory of the feeds goes along and is gone here. Rejects with `invalid_request` when
   * the model refuses its input.
   */
  run(feeds: Tensors, outputs: readonly string[]): Promise<Ran>;
}

interface Waiting {
  resolve(ran: Ran): void;
  reject(error: ProblemError): void;
}

const messageCharactersMax = 500;

/** The runtime's own words, without the addresses and line numbers of its sources. */
function why(message: string): string {
  const told = message
    .replaceAll(/\/onnxruntime_src\/\S*\s*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return told.slice(0, messageCharactersMax);
}

/** Built, the thread is a module like any other. From sources it needs the loader that this process was started with. */
function startThread(spec: SessionSpec): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./session-thread.js', import.meta.url), { workerData: spec });
  const thread = import.meta.resolve('./session-thread.ts');
  const loader = import.meta.resolve('tsx/esm/api');
  const code = `import('${loader}').then((tsx) => (tsx.register(), import('${thread}')))`;
  return new Worker(code, { eval: true, workerData: spec });
}

/** Loads a model; rejects with the reason when the runtime cannot. A fault of the thread ends the process. */
export function openSession(spec: SessionSpec): Promise<Session> {
  const thread = startThread(spec);
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const session: Session = {
    run: (feeds, outputs) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        const order: RunOrder = { id: last, feeds: [...feeds], outputs };
        thread.postMessage(order, buffersOf(order.feeds));
      }),
  };
  function settle(news: Extract<SessionNews, { readonly id: number }>): void {
    const one = waiting.get(news.id);
    waiting.delete(news.id);
    if (news.kind === 'ran') one?.resolve({ outputs: new Map(news.outputs), runMs: news.runMs });
    else
      one?.reject(
        new ProblemError(problem('invalid_request', `The model cannot compute this: ${why(news.message)}`)),
      );
  }
  return new Promise((resolve, reject) => {
    thread.on('message', (news: SessionNews) => {
      if (news.kind === 'ready') resolve(session);
      else if (news.kind === 'failed')
        reject(
          new ProblemError(problem('model_unavailable', `ONNX Runtime refuses it: ${why(news.message)}`)),
        );
      else settle(news);
    });
  });
}
