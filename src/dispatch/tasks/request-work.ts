import { problem, problems, type Problem, type Task } from '#schema';
import type { ReplyHead } from '#contracts';
import type { Ask, AskListener, Chosen } from '../ask.ts';
import type { Dispatch } from '../dispatch.ts';
import { joined } from '../joined.ts';
import type { TaskReply, Verdict, Work, WorkListener } from './work.ts';

export interface RequestWorkDeps {
  readonly dispatch: Pick<Dispatch, 'submit'>;
  /** Reads from the bytes what dispatch wants to know of a request. */
  readonly toAsk: (task: Task, input: Uint8Array) => Ask;
  /** What an engine said when it refused. */
  readonly wordsOf: (body: Uint8Array) => string | undefined;
  readonly answerBytesMax: number;
}

/** Refusals that say: nobody could take the request, it has not begun. */
const notBegun = new Set<Problem['code']>([
  'overloaded',
  'rate_limited',
  'model_loading',
  'model_unavailable',
  'shutting_down',
]);

/** What a refusal of ours means for a task. */
function verdictOf(cause: Problem): Verdict {
  if (notBegun.has(cause.code)) return { kind: 'postponed', problem: cause };
  if (problems[cause.code].retry === 'never') return { kind: 'refused', problem: cause };
  return { kind: 'faulted', problem: cause };
}

const busy = new Set([429, 503]);

function retryAfterMs(text: string | undefined): number | undefined {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

type WordsOf = RequestWorkDeps['wordsOf'];

/** What an answer of the engine means for a task. */
function verdictOn(reply: TaskReply, retryAfter: string | undefined, wordsOf: WordsOf): Verdict {
  const { status, body } = reply;
  if (status < 400) return { kind: 'succeeded', reply };
  const details = { retryAfterMs: retryAfterMs(retryAfter) };
  const message = wordsOf(body) ?? `The engine answered with status ${status}.`;
  if (busy.has(status)) return { kind: 'postponed', problem: problem('overloaded', message, details) };
  if (status >= 500 || status === 408)
    return { kind: 'faulted', problem: problem('replica_failed', message, details) };
  return { kind: 'refused', problem: problem('invalid_request', message), reply };
}

const lineEnd = 0x0a;

/** Counts the events of a stream, which end with an empty line, however the bytes were cut. */
function createEventCount(): (bytes: Uint8Array) => number {
  let events = 0;
  let last = 0;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === 0x0d) continue;
      if (byte === lineEnd && last === lineEnd) events += 1;
      last = byte;
    }
    return events;
  };
}

const tooLarge = problem('replica_failed', 'The answer is larger than an answer may be.');
const nothing = problem('replica_failed', 'The replica ended its answer before it had begun.');

interface Gathering {
  readonly listener: WorkListener;
  readonly answerBytesMax: number;
  readonly wordsOf: WordsOf;
  readonly stop: () => void;
}

/** Gathers an answer, telling how far it is. One that grows beyond all bounds is stopped. */
function gather({ listener, answerBytesMax, wordsOf, stop }: Gathering): AskListener {
  const parts: Uint8Array[] = [];
  const countEvents = createEventCount();
  let sizeBytes = 0;
  let begun: { readonly head: ReplyHead; readonly chosen: Chosen } | undefined;
  return {
    started(head, chosen) {
      begun = { head, chosen };
    },
    received(bytes) {
      sizeBytes += bytes.length;
      if (sizeBytes > answerBytesMax) {
        parts.length = 0;
        stop();
        listener.ended({ kind: 'refused', problem: tooLarge });
        return true;
      }
      parts.push(bytes);
      listener.progressed({ chunks: countEvents(bytes), bytes: sizeBytes });
      return true;
    },
    ended() {
      if (begun === undefined) {
        listener.ended({ kind: 'faulted', problem: nothing });
        return;
      }
      const { head, chosen } = begun;
      const { status, contentType = 'application/json', jsonBytes } = head;
      const binary = jsonBytes === undefined ? {} : { jsonBytes };
      const reply = { status, contentType, model: chosen.model, ...binary, body: joined(parts, sizeBytes) };
      listener.ended(verdictOn(reply, head.retryAfter, wordsOf));
    },
    failed(cause) {
      listener.ended(verdictOf(cause));
    },
  };
}

/** Runs a task as the request it is, through dispatch: the same admission, order and replicas as everybody's. */
export function createRequestWork(deps: RequestWorkDeps): Work {
  const { dispatch, toAsk, answerBytesMax, wordsOf } = deps;
  return (task, input, listener) => {
    let stopped = false;
    let cancel = (): void => {
      stopped = true;
    };
    const listening = gather({ listener, answerBytesMax, wordsOf, stop: () => cancel() });
    const ticket = dispatch.submit(toAsk(task, input), listening);
    cancel = () => ticket.cancel();
    // An answer that came at once, and too much of it, wanted to stop before there was anything to stop.
    if (stopped) cancel();
    return () => cancel();
  };
}
