import type { ServerResponse } from 'node:http';
import { problemBody, problems, type Problem } from '#schema';

/** Server-sent events on their way to one client. After the client has gone every call is a no-op. */
export interface EventStream {
  readonly closed: boolean;
  /**
   * Sends one event whose data is `json`, already serialised. False asks to wait for `drained` before the next:
   * the client reads slower than the engine writes. Events that follow each other within a few milliseconds leave
   * together.
   */
  write(json: string): boolean;
  /** Resolves once more may be written, or the client has gone. */
  drained(): Promise<void>;
  /** Ends the stream with `[DONE]`. */
  end(): void;
}

/** An answer that is serialised already. */
interface RawAnswer {
  readonly status: number;
  /** By name in small letters; the length is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: readonly Uint8Array[];
}

/** The answer to one request: exactly one of `json`, `bytes`, `problem`, or `stream` and its `end`. */
export interface WireReply {
  /** A header of the answer that is still to come. */
  header(name: string, value: string): void;
  json(status: number, body: unknown): void;
  /** As `json`, for what is serialised already. */
  jsonText(status: number, text: string): void;
  bytes(answer: RawAnswer): void;
  /** OpenAI's error shape; once a stream has begun, an event that ends it. */
  problem(cause: Problem): void;
  stream(): EventStream;
}

/** A problem as the body of an answer. */
export type DescribeProblem = (cause: Problem) => unknown;

export function createReply(response: ServerResponse, describe: DescribeProblem = problemBody): WireReply {
  let gathering: Gathering | undefined;
  return {
    header: (name, value) => {
      if (!response.headersSent) response.setHeader(name, value);
    },
    json: (status, body) => answerText(response, { status, text: JSON.stringify(body), headers: {} }),
    jsonText: (status, text) => answerText(response, { status, text, headers: {} }),
    bytes: (answer) => answerBytes(response, answer),
    problem: (cause) => {
      if (response.writableEnded || response.destroyed) return;
      gathering?.flush();
      if (gathering !== undefined) response.end(`data: ${JSON.stringify(describe(cause))}\n\n`);
      else answerText(response, problemAnswer(cause, describe));
    },
    stream: () => {
      response.writeHead(200, streamHeaders);
      gathering = createGathering(response);
      return createEventStream(response, gathering);
    },
  };
}

const streamHeaders = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

function problemAnswer(cause: Problem, describe: DescribeProblem): Answer {
  const headers =
    cause.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(cause.retryAfterMs / 1000)) };
  return { status: problems[cause.code].status, text: JSON.stringify(describe(cause)), headers };
}

function answerText(response: ServerResponse, { status, text, headers }: Answer): void {
  const typed = { 'content-type': 'application/json', ...headers };
  answerBytes(response, { status, headers: typed, parts: [Buffer.from(text)] });
}

function answerBytes(response: ServerResponse, { status, headers, parts }: RawAnswer): void {
  if (response.writableEnded || response.destroyed) return;
  const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
  response.writeHead(status, { ...headers, 'content-length': sizeBytes });
  if (parts.length > 1) response.cork();
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
}

/**
 * A small model writes thousands of tokens a second, and each write costs every process on the way as much as the token
 * itself. The first event leaves at once; those that follow within this time leave together at its end.
 */
const gatherMs = 3;
/** More is not held, however fast it comes. */
const heldCharactersMax = 16_384;

interface Gathering {
  /** False while the client reads slower than the engine writes. */
  add(text: string): boolean;
  flush(): void;
}

function createGathering(response: ServerResponse): Gathering {
  let held = '';
  let timer: NodeJS.Timeout | undefined;
  function flush(): void {
    const text = held;
    held = '';
    if (text !== '' && !response.destroyed && !response.writableEnded) response.write(text);
  }
  function close(): void {
    timer = undefined;
    if (held === '') return;
    flush();
    open();
  }
  function open(): void {
    timer = setTimeout(close, gatherMs);
  }
  response.once('close', () => clearTimeout(timer));
  return {
    add(text) {
      held += text;
      if (timer === undefined || held.length >= heldCharactersMax) flush();
      if (timer === undefined) open();
      return !response.writableNeedDrain;
    },
    flush,
  };
}

function createEventStream(response: ServerResponse, gathering: Gathering): EventStream {
  const gone = (): boolean => response.destroyed || response.writableEnded;
  return {
    get closed() {
      return gone();
    },
    write: (json) => !gone() && gathering.add(`data: ${json}\n\n`),
    drained: () => {
      if (gone() || !response.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        const settle = (): void => {
          response.off('drain', settle);
          response.off('close', settle);
          resolve();
        };
        response.once('drain', settle);
        response.once('close', settle);
      });
    },
    end: () => {
      gathering.flush();
      if (!gone()) response.end('data: [DONE]\n\n');
    },
  };
}
