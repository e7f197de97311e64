import { problemOf, type RecordedAsk, type Resource } from '#schema';
import type { Clock, OutboundCall, ReplyListener, Rng, Transport } from '#contracts';
import { hashPrefixBlocks } from '#policies';
import type { Ask, AskListener, Ticket } from '../ask.ts';
import type { Directory, DirectoryDeps } from '../directory.ts';
import { createDispatch, type Dispatch, type DispatchDeps } from '../dispatch.ts';
import { servesAll } from '../route.ts';
import { UsageReader } from '../usage.ts';
import { createBook, type Book, type Deed, type Told } from './book.ts';

/**
 * Stands between dispatch and the world, and writes down everything that goes in and out: what it is told, with the
 * moment, and what it decides. Nobody's prompts, answers and secrets are in it.
 */
export interface Recorder {
  /** What the directory asks about engines. */
  directoryDeps(deps: DirectoryDeps): DirectoryDeps;
  /** The store's changes go through here. */
  directory(directory: Directory): Directory;
  dispatch(deps: DispatchDeps): Dispatch;
}

export interface RecorderDeps {
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** Records are kept whole but for the hashes of keys. */
function withoutSecrets(resource: Resource): Resource {
  if (resource.kind !== 'Key') return resource;
  const { hash: _hash, ...spec } = resource.spec;
  return { ...resource, spec };
}

function recordedAsk({ body, headers, requestId: _id, prefix: _prefix, ...rest }: Ask): RecordedAsk {
  return { ...rest, bodyBytes: body.length, headers: headers.length / 2 };
}

function recordedClock(clock: Clock, book: Book): Clock {
  const epochMs = clock.nowMs() - clock.monotonicMs();
  let timers = 0;
  return {
    nowMs: () => epochMs + book.nowMs(),
    monotonicMs: () => book.nowMs(),
    setTimer(delayMs, callback) {
      const timer = (timers += 1);
      return book.deed({ do: 'timer', timer, delayMs }, () =>
        clock.setTimer(delayMs, () => {
          book.hear({ in: 'timer', timer }, callback);
        }),
      );
    },
  };
}

function recordedRng(rng: DispatchDeps['rng'], book: Book): Pick<Rng, 'next'> {
  return {
    next() {
      const value = rng.next();
      book.told(value);
      return value;
    },
  };
}

function recordedReply(book: Book, call: number, listener: ReplyListener): ReplyListener {
  const used = new UsageReader();
  let bytes = 0;
  let paused = false;
  return {
    started(head) {
      book.hear({ in: 'head', call, head }, () => {
        listener.started(head);
      });
    },
    received(piece) {
      bytes += piece.length;
      used.push(piece);
      const goesOn = listener.received(piece);
      if (!goesOn) paused = true;
      return goesOn;
    },
    ended() {
      book.hear({ in: 'end', call, bytes, ...used.usage, paused }, () => {
        listener.ended();
      });
    },
    failed(problem, sent) {
      book.hear({ in: 'fail', call, problem, sent }, () => {
        listener.failed(problem, sent);
      });
    },
  };
}

/** How a call looks in a recording. */
export function deedOfCall(call: number, { endpoint, method, path, headers, body }: OutboundCall): Deed {
  return {
    do: 'send',
    call,
    to: endpoint,
    method,
    path,
    headers: headers.length / 2,
    bytes: body?.length ?? 0,
  };
}

function recordedTransport(transport: Transport, book: Book): Transport {
  let calls = 0;
  return {
    send(outbound, listener) {
      const call = (calls += 1);
      return book.deed(deedOfCall(call, outbound), () => {
        try {
          const made = transport.send(outbound, recordedReply(book, call, listener));
          const cancel = (): void => {
            book.deed({ do: 'cancel', call }, () => {
              made.cancel();
            });
          };
          return {
            cancel,
            resume: () => {
              made.resume();
            },
          };
        } catch (thrown) {
          book.hear({ in: 'threw', problem: problemOf(thrown) }, () => undefined);
          throw thrown;
        }
      });
    },
    close: () => transport.close(),
  };
}

/** What the caller is told, as deeds. */
export function toldTo(book: Pick<Book, 'deed'>, request: number, listener: AskListener): AskListener {
  return {
    borrows: listener.borrows,
    started(head, chosen) {
      book.deed({ do: 'begin', request, status: head.status, ...chosen }, () => {
        listener.started(head, chosen);
      });
    },
    received: (bytes) => listener.received(bytes),
    ended() {
      book.deed({ do: 'end', request }, () => {
        listener.ended();
      });
    },
    failed(problem) {
      book.deed({ do: 'fail', request, ...problem }, () => {
        listener.failed(problem);
      });
    },
  };
}

function recordedDispatch(dispatch: Dispatch, book: Book): Dispatch {
  let requests = 0;
  dispatch.loads.onStarved((deployment) => {
    book.deed({ do: 'starve', deployment }, () => undefined);
  });
  return {
    ...dispatch,
    submit(ask, listener): Ticket {
      const request = (requests += 1);
      const prefix = ask.prefix ?? hashPrefixBlocks(ask.body, ask.promptFrom, ask.promptTo);
      const heard: Told = { in: 'ask', request, ask: recordedAsk(ask), prefix: [...prefix] };
      const ticket = book.hear(heard, () =>
        dispatch.submit({ ...ask, prefix }, toldTo(book, request, listener)),
      );
      return {
        cancel() {
          book.hear({ in: 'cancel', request }, () => {
            ticket.cancel();
          });
        },
        resume: () => {
          ticket.resume();
        },
      };
    },
    drain: () => book.hear({ in: 'drain' }, () => dispatch.drain()),
  };
}

export function createRecorder({ clock, write }: RecorderDeps): Recorder {
  const book = createBook(clock, write);
  const own = recordedClock(clock, book);
  write(JSON.stringify({ recording: 'millrace', format: 1, epochMs: own.nowMs() - own.monotonicMs() }));

  function told<T>(answer: T): T {
    book.told(answer);
    return answer;
  }

  return {
    directoryDeps(deps) {
      return {
        catchUp: deps.catchUp,
        // How many there are is all that matters to a decision; what they are is nobody's business.
        headersOf(deployment) {
          const headers = deps.headersOf(deployment);
          book.told(headers.length);
          return headers;
        },
        servingOf: (deployment) => told(deps.servingOf?.(deployment) ?? servesAll),
        hardwareOf: (replica) => told(deps.hardwareOf?.(replica) ?? 'local'),
        batchSizeMaxOf: (deployment) => told(deps.batchSizeMaxOf?.(deployment)),
      };
    },
    directory(directory) {
      return {
        ...directory,
        apply(event) {
          const { type, resource } = event;
          book.hear({ in: 'resource', type, resource: withoutSecrets(resource) }, () => {
            directory.apply(event);
          });
        },
      };
    },
    dispatch(deps) {
      const { transport, rng } = deps;
      const inner = createDispatch({
        ...deps,
        clock: own,
        transport: recordedTransport(transport, book),
        rng: recordedRng(rng, book),
      });
      return recordedDispatch(inner, book);
    },
  };
}
