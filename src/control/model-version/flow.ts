import { problem, ProblemError } from '#schema';
import type { ByteRange, Clock, SourceFile } from '#contracts';

export interface FlowInput {
  readonly file: SourceFile;
  /** For a file that is not ranged what lies before `from` is read and dropped. */
  readonly range: ByteRange;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears of every chunk that is passed on. */
  readonly onBytes: (count: number) => void;
}

/** A source that sends nothing for so long is given up and asked anew. */
const silenceMs = 60_000;

/** Waits for a source that may be silent, and that may not listen when the pull is cancelled. */
interface Guard {
  /** For the source: fires when it is given up. */
  readonly signal: AbortSignal;
  waitFor<T>(answer: Promise<T>): Promise<T>;
  release(): void;
}

function guardAgainstSilence(clock: Clock, outer: AbortSignal): Guard {
  const controller = new AbortController();
  let giveUp: ((reason: ProblemError) => void) | undefined;
  const fire = (message: string): void => {
    controller.abort();
    giveUp?.(new ProblemError(problem('source_unavailable', message)));
  };
  const onAbort = (): void => fire('The pull was cancelled.');
  outer.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    async waitFor(answer) {
      const silent = `The source sent nothing for ${silenceMs / 1000} s.`;
      const cancelTimer = clock.setTimer(silenceMs, () => fire(silent));
      try {
        return await new Promise((resolve, reject) => {
          giveUp = reject;
          if (outer.aborted) onAbort();
          answer.then(resolve, reject);
        });
      } finally {
        cancelTimer();
        giveUp = undefined;
      }
    },
    release: () => outer.removeEventListener('abort', onAbort),
  };
}

/** The part of a chunk that lies within the range; `undefined` when nothing of it does. */
function within(chunk: Uint8Array, at: number, { from, to }: ByteRange): Uint8Array | undefined {
  const start = Math.max(0, from - at);
  const end = Math.min(chunk.length, to - at);
  return start < end ? chunk.subarray(start, end) : undefined;
}

/**
 * The bytes of a range, as they come from the source: never more than asked for, and never silent for long. Ends
 * short when the source does: what has come is kept and the rest asked for again.
 */
export async function* flow({ file, range, clock, signal, onBytes }: FlowInput): AsyncGenerator<Uint8Array> {
  const asked = file.ranged ? range : { from: 0, to: file.sizeBytes };
  const guard = guardAgainstSilence(clock, signal);
  const chunks = file.read(asked, guard.signal)[Symbol.asyncIterator]();
  let at = asked.from;
  try {
    while (at < range.to) {
      const next = await guard.waitFor(chunks.next());
      if (next.done === true) return;
      const part = within(next.value, at, range);
      at += next.value.length;
      if (part === undefined) continue;
      onBytes(part.length);
      yield part;
    }
  } finally {
    guard.release();
    // Not awaited: a source that hangs in `next` would hang here as well.
    chunks.return?.().catch(() => undefined);
  }
}
