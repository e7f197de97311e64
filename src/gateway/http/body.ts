import type { IncomingMessage } from 'node:http';
import { problem } from '#schema';
import type { Result } from '#contracts';
import { BodyParts } from './body-parts.ts';

/**
 * What is sent beyond the limit is read and dropped up to this much, so that the client gets to see our answer
 * instead of a reset connection; whoever sends more is cut off.
 */
const discardBytesMax = 256 * 1024 * 1024;

function discard(request: IncomingMessage): void {
  let dropped = 0;
  request.removeAllListeners('data');
  request.on('data', (part: Buffer) => {
    dropped += part.length;
    if (dropped > discardBytesMax) request.destroy();
  });
  request.resume();
}

/**
 * Collects a request's body and calls `done` once: with all of it, with `payload_too_large` as soon as it exceeds
 * the limit (never more than that is held), or with `client_closed_request`. Callbacks, because this is the hot path.
 */
export function collectBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (body: Result<Buffer>) => void,
): void {
  let parts: BodyParts | undefined = new BodyParts();
  let size = 0;
  let over = false;

  function finish(body: Result<Buffer>): void {
    if (over) return;
    over = true;
    done(body);
  }
  function refuse(): void {
    parts = undefined;
    discard(request);
    finish({
      ok: false,
      problem: problem('payload_too_large', `The body is larger than ${limitBytes} bytes.`),
    });
  }

  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    refuse();
    return;
  }
  request.on('data', (part: Buffer) => {
    size += part.length;
    if (size > limitBytes) refuse();
    else parts?.add(part);
  });
  request.on('end', () => {
    if (parts !== undefined) finish({ ok: true, value: parts.whole() });
  });
  request.on('close', () => {
    if (!request.complete) finish({ ok: false, problem: problem('client_closed_request') });
  });
}
