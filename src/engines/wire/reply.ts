import type { ServerResponse } from 'node:http';
import { problemBody, problems, type Problem } from '#schema';

/** Server-sent events on their way to one client. After the client has gone every call is a no-op. */
export interface EventStream {
  readonly closed: boolean;
  /**
   * Sends one event whose data is `json`, already serialised. False asks to wait for `drained` before the next:
   * the client reads slower than the engine writes. Events of one tick leave in one system call.
   */
  write(json: string): boolean;
  /** Resolves once more may be written, or the client has gone. */
  drained(): Promise<void>;
  /** Ends the stream with `[DONE]`. */
  end(): void;
}

/** The answer to one request: exactly one of `json`, `problem`, or `stream` and its `end`. */
export interface WireReply {
  json(status: number, body: unknown): void;
  /** As `json`, for what is serialised already. */
  jsonText(status: number, text: string): void;
  /** OpenAI's error shape; once a stream has begun, an event that ends it. */
  problem(cause: Problem): void;
  stream(): EventStream;
}

export function createReply(response: ServerResponse): WireReply {
  let streaming = false;
  return {
    json: (status, body) => answerText(response, { status, text: JSON.stringify(body), headers: {} }),
    jsonText: (status, text) => answerText(response, { status, text, headers: {} }),
    problem: (cause) => {
      if (response.writableEnded || response.destroyed) return;
      if (streaming) response.end(`data: ${JSON.stringify(problemBody(cause))}\n\n`);
      else answerText(response, problemAnswer(cause));
    },
    stream: () => {
      streaming = true;
      response.writeHead(200, streamHeaders);
      return createEventStream(response);
    },
  };
}

const streamHeaders = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

function problemAnswer(cause: Problem): Answer {
  const headers =
    cause.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(cause.retryAfterMs / 1000)) };
  return { status: problems[cause.code].status, text: JSON.stringify(problemBody(cause)), headers };
}

function answerText(response: ServerResponse, answer: Answer): void {
  if (response.writableEnded || response.destroyed) return;
  const bytes = Buffer.from(answer.text);
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...answer.headers,
  });
  response.end(bytes);
}

function createEventStream(response: ServerResponse): EventStream {
  const gone = (): boolean => response.destroyed || response.writableEnded;
  return {
    get closed() {
      return gone();
    },
    write: (json) => !gone() && response.write(`data: ${json}\n\n`),
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
      if (!gone()) response.end('data: [DONE]\n\n');
    },
  };
}
