import { problem, type Problem } from '#schema';
import type { ReplyHead, Result } from '#contracts';
import type { AskListener, Chosen } from '#dispatch';

/** An answer longer than this is no answer of a language model. */
const answerBytesMax = 64 * 1024 * 1024;

export const unreadable: Problem = problem(
  'replica_failed',
  'The replica answered something that cannot be read.',
);

/** A whole answer. */
export interface Reply {
  readonly head: ReplyHead;
  readonly chosen: Chosen;
  readonly body: Buffer;
}

/** Gathers a whole answer; one that grows beyond all bounds is not waited for. */
export function collectReply(stop: () => void, done: (collected: Result<Reply>) => void): AskListener {
  const parts: Uint8Array[] = [];
  let size = 0;
  let begun: { head: ReplyHead; chosen: Chosen } | undefined;
  return {
    started(head, chosen) {
      begun = { head, chosen };
    },
    received(bytes) {
      size += bytes.length;
      if (size <= answerBytesMax) parts.push(bytes);
      else {
        parts.length = 0;
        stop();
        done({ ok: false, problem: unreadable });
      }
      return true;
    },
    ended() {
      done(
        begun === undefined
          ? { ok: false, problem: unreadable }
          : { ok: true, value: { ...begun, body: Buffer.concat(parts) } },
      );
    },
    failed(cause) {
      done({ ok: false, problem: cause });
    },
  };
}
