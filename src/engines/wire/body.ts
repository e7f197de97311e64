import type { IncomingMessage } from 'node:http';
import type { Result } from '#contracts';
import { problem, sentJson } from '#schema';

/** Reads a request's body. Holds at most `bytesMax` in memory. */
export async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Result<Buffer>> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const pieces = announced > bytesMax ? undefined : await readPieces(request, bytesMax);
  if (pieces === undefined) {
    const message = `The body is larger than ${bytesMax} bytes.`;
    return { ok: false, problem: problem('payload_too_large', message) };
  }
  const [only] = pieces;
  return { ok: true, value: pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces) };
}

/** As `readBytes`, parsed as JSON; an empty body is `undefined`. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<Result<unknown>> {
  const body = await readBytes(request, bytesMax);
  if (!body.ok) return body;
  const bytes = body.value;
  return bytes.length === 0
    ? { ok: true, value: undefined }
    : sentJson('The body', () => bytes.toString('utf8'));
}

/**
 * `undefined` when there is more than `bytesMax`; the rest stays unread, and the connection whole, for the answer.
 * (Leaving a `for await` over the request would close it.)
 */
function readPieces(request: IncomingMessage, bytesMax: number): Promise<readonly Buffer[] | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (piece: Buffer) => {
      sizeBytes += piece.length;
      if (sizeBytes <= bytesMax) {
        pieces.push(piece);
        return;
      }
      request.pause();
      resolve(undefined);
    });
    request.once('end', () => resolve(pieces));
    request.once('error', reject);
  });
}
