import { problem, problemBody, problems, type Problem } from '#schema';
import type { Clock, ReplyHead } from '#contracts';
import type { AskListener, Chosen, Ticket } from '#dispatch';
import { sendProblem, type ShowProblem } from '../http/exchange.ts';
import { createPace } from '../http/pace.ts';
import type { Reply } from '../http/reply.ts';

export interface RelayParts {
  readonly response: Reply;
  readonly requestId: string;
  readonly clock: Clock;
  /** A client that leaves an answer unread for this long is cut off. */
  readonly slowClientMs: number;
  /** Called once, when the answer is over, however it ended. */
  readonly finished: (status: number) => void;
  /** How problems look to this client; OpenAI's shape when absent. */
  readonly show?: ShowProblem | undefined;
}

const eventStream = 'text/event-stream';

function headers(head: ReplyHead, chosen: Chosen, requestId: string): string[] {
  const { queueMs, firstByteMs } = chosen;
  const type = head.contentType ?? 'application/json';
  const timing = `queue;dur=${queueMs.toFixed(2)}, first-byte;dur=${firstByteMs.toFixed(2)}`;
  const list = [
    'content-type',
    type,
    'x-request-id',
    requestId,
    'x-millrace-model',
    chosen.model,
    'x-millrace-cache',
    'none',
  ];
  if (head.contentLengthBytes === undefined) list.push('server-timing', timing);
  // A reply of known length is complete when it arrives: its first byte is as good as its last.
  else
    list.push(
      'content-length',
      String(head.contentLengthBytes),
      'server-timing',
      `${timing}, total;dur=${firstByteMs.toFixed(2)}`,
    );
  if (type.startsWith(eventStream)) list.push('cache-control', 'no-cache', 'x-accel-buffering', 'no');
  if (head.retryAfter !== undefined) list.push('retry-after', head.retryAfter);
  if (head.jsonBytes !== undefined) list.push('inference-header-content-length', head.jsonBytes);
  return list;
}

/**
 * Carries a replica's answer to the client as bytes. A client that reads slowly pauses the replica's connection; what
 * is held for it is bounded by the buffers of two sockets.
 */
export function createRelay(parts: RelayParts): AskListener & { attach(ticket: Ticket): void } {
  const { response } = parts;
  let ticket: Ticket | undefined;
  let leftBytes: number | undefined;
  let streaming = false;
  let over = false;
  const pace = createPace({ ...parts, resume: () => ticket?.resume() });

  function finish(status: number): void {
    if (over) return;
    over = true;
    parts.finished(status);
  }

  response.on('close', () => {
    if (over) return;
    finish(499);
    ticket?.cancel();
  });

  return {
    attach(given) {
      ticket = given;
      if (response.destroyed) given.cancel();
    },
    started(head, chosen) {
      streaming = head.contentType?.startsWith(eventStream) ?? false;
      leftBytes = head.contentLengthBytes;
      response.writeHead(head.status, headers(head, chosen, parts.requestId));
      if (streaming) response.flushHeaders();
    },
    received(bytes) {
      if (leftBytes !== undefined) leftBytes -= bytes.length;
      if (leftBytes !== 0) return pace.write(bytes);
      // The last bytes go out with the end: head and body in one packet for the usual short answer.
      pace.end(bytes);
      return true;
    },
    ended() {
      pace.end();
      finish(response.statusCode);
    },
    failed(cause) {
      if (!response.headersSent) response.setHeader('x-request-id', parts.requestId);
      endWith(parts, streaming, cause);
      finish(problems[cause.code].status);
    },
  };
}

/** A stream that breaks says so in an event, as OpenAI's clients expect; other answers are cut, so that nobody takes them for whole. */
function endWith({ response, show }: RelayParts, streaming: boolean, cause: Problem): void {
  if (streaming && response.headersSent && !response.destroyed)
    response.end(`data: ${JSON.stringify(problemBody(cause))}\n\n`);
  else sendProblem(response, cause.code === 'client_closed_request' ? problem('internal') : cause, show);
}
