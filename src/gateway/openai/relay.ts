import { problem, problemBody, problems, type Problem } from '#schema';
import type { Clock, ReplyHead } from '#contracts';
import type { AskListener, Chosen, Ticket } from '#dispatch';
import { sendProblem, type ShowProblem } from '../http/exchange.ts';
import { Pace } from '../http/pace.ts';
import type { Reply } from '../http/reply.ts';
import { retryAfterOf } from '../http/retry-after.ts';
import { refusalTiming, serverTiming } from '../http/server-timing.ts';

export interface RelayParts {
  readonly response: Reply;
  readonly requestId: string;
  readonly clock: Clock;
  /** When the request came; monotonic. */
  readonly arrivedMs: number;
  /** A client that leaves an answer unread for this long is cut off. */
  readonly slowClientMs: number;
  /** Called once, when the answer is over, however it ended. */
  readonly finished: (status: number) => void;
  /** How problems look to this client; OpenAI's shape when absent. */
  readonly show?: ShowProblem | undefined;
}

const eventStream = 'text/event-stream';

function headers(head: ReplyHead, chosen: Chosen, requestId: string): string[] {
  const type = head.contentType ?? 'application/json';
  const { contentLengthBytes } = head;
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
  if (contentLengthBytes !== undefined) list.push('content-length', String(contentLengthBytes));
  // A reply of known length is complete when it arrives: its first byte is as good as its last.
  list.push('server-timing', serverTiming(chosen, contentLengthBytes !== undefined));
  if (type.startsWith(eventStream)) list.push('cache-control', 'no-cache', 'x-accel-buffering', 'no');
  const retryAfter = retryAfterOf(head);
  if (retryAfter !== undefined) list.push('retry-after', retryAfter);
  if (head.jsonBytes !== undefined) list.push('inference-header-content-length', head.jsonBytes);
  return list;
}

/**
 * Carries a replica's answer to the client as bytes. A client that reads slowly pauses the replica's connection; what
 * is held for it is bounded by the buffers of two sockets. A class, since one is made for every request and every chunk
 * passes it.
 */
export class Relay implements AskListener {
  readonly borrows: boolean;
  private readonly parts: RelayParts;
  private readonly pace: Pace;
  private ticket: Ticket | undefined;
  private streaming = false;
  /** Of a stream: no bytes have come that could take its head along. */
  private headWaits = false;
  private over = false;

  constructor(parts: RelayParts) {
    const { response, clock, slowClientMs } = parts;
    this.parts = parts;
    this.borrows = response.borrows === true;
    this.pace = new Pace({ response, clock, slowClientMs, source: this });
    response.on('close', () => {
      this.closed();
    });
  }

  attach(ticket: Ticket): void {
    this.ticket = ticket;
    if (this.parts.response.destroyed) ticket.cancel();
  }

  resume(): void {
    this.ticket?.resume();
  }

  started(head: ReplyHead, chosen: Chosen): void {
    const { response, requestId } = this.parts;
    this.streaming = head.contentType?.startsWith(eventStream) ?? false;
    response.writeHead(head.status, headers(head, chosen, requestId));
    if (!this.streaming) return;
    this.headWaits = true;
    // With the first bytes, if they came together; else at once, since those may take a while.
    queueMicrotask(() => {
      if (this.headWaits && !this.over) response.flushHeaders();
    });
  }

  received(bytes: Uint8Array, isLast?: boolean): boolean {
    this.headWaits = false;
    if (isLast !== true) return this.pace.write(bytes);
    // The last bytes go out with the end: head and body in one packet for the usual short answer.
    this.pace.end(bytes);
    return true;
  }

  ended(): void {
    this.pace.end();
    this.finish(this.parts.response.statusCode);
  }

  failed(cause: Problem): void {
    const { response, requestId, clock, arrivedMs } = this.parts;
    if (!response.headersSent) {
      response.setHeader('x-request-id', requestId);
      response.setHeader('server-timing', refusalTiming(clock.monotonicMs() - arrivedMs));
    }
    this.endWith(cause);
    this.finish(problems[cause.code].status);
  }

  /** A stream that breaks says so in an event, as OpenAI's clients expect; other answers are cut, so that nobody takes them for whole. */
  private endWith(cause: Problem): void {
    const { response, show } = this.parts;
    if (this.streaming && response.headersSent && !response.destroyed)
      this.pace.end(`data: ${JSON.stringify(problemBody(cause))}\n\n`);
    else sendProblem(response, cause.code === 'client_closed_request' ? problem('internal') : cause, show);
  }

  private closed(): void {
    if (this.over) return;
    this.finish(499);
    this.ticket?.cancel();
  }

  private finish(status: number): void {
    if (this.over) return;
    this.over = true;
    this.parts.finished(status);
  }
}
