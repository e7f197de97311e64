import type { IncomingMessage } from 'node:http';
import type { Clock } from '#contracts';
import { takeTime } from '../http/late-bodies.ts';

/** An uploader that sends nothing for this long is cut off; what had come is kept, and it can go on later. */
const idleMs = 60_000;

/** A client hears a refusal better when it has finished speaking; but it is not listened to for longer than this. */
const dropMs = 5000;

/** Reads what is left of a body and drops it, as far as that takes no time to speak of. */
export function dropRest(request: IncomingMessage, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(dropMs, done);
    function done(): void {
      cancel();
      request.off('end', done);
      request.off('close', done);
      resolve();
    }
    if (request.complete || request.destroyed) {
      done();
      return;
    }
    request.once('end', done);
    request.once('close', done);
    request.resume();
  });
}

export interface UploadBody {
  /** The bytes as they come, at most as many as may come. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** True when more came than was announced; the surplus is not in `bytes`. */
  overran(): boolean;
}

/** The body of an upload, as a stream that never yields more than `limitBytes` and never waits for ever. */
export function createUploadBody(request: IncomingMessage, limitBytes: number, clock: Clock): UploadBody {
  takeTime(request);
  let surplus = false;
  const cutOff = (): void => {
    request.destroy();
  };

  async function* read(): AsyncGenerator<Uint8Array> {
    let room = limitBytes;
    let cancel = clock.setTimer(idleMs, cutOff);
    try {
      // The request stays open when we stop early: the refusal has to go out on the same connection.
      const parts: AsyncIterable<unknown> = request.iterator({ destroyOnReturn: false });
      for await (const part of parts) {
        cancel();
        cancel = clock.setTimer(idleMs, cutOff);
        if (!(part instanceof Uint8Array)) continue;
        surplus = part.length > room;
        if (room > 0) yield surplus ? part.subarray(0, room) : part;
        if (surplus) return;
        room -= part.length;
      }
    } finally {
      cancel();
    }
  }

  return { bytes: read(), overran: () => surplus };
}
