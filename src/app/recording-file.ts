import { closeSync, openSync, writeSync } from 'node:fs';
import { problem, ProblemError, type Config } from '#schema';
import type { Clock, Log } from '#contracts';

/** A file that lines are added to. */
export interface RecordingFile {
  readonly write: (line: string) => void;
  close(): void;
}

const pieceBytes = 65_536;
/** A recording that is looked at while it grows is not further behind than this. */
const flushMs = 1000;

export interface RecordingFileDeps {
  readonly config: Config['recording'] & { readonly path: string };
  readonly clock: Clock;
  readonly log: Log;
}

function opened(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    const message = `Cannot write the recording ${path}: ${why}. Choose another file with --record.`;
    throw new ProblemError(problem('invalid_config', message, { param: 'recording.path' }));
  }
}

/**
 * Lines go out in large pieces, each written before the next is collected, so that a slow disk slows recording down
 * and never fills memory. What does not fit into the file any more is left out, from the first such line on; a disk
 * that fails ends the recording and nothing else.
 */
export function createRecordingFile({ config, clock, log }: RecordingFileDeps): RecordingFile {
  const file = opened(config.path);
  let pending = '';
  let room = config.bytesMax;
  let isOpen = true;
  let cancelTimer: (() => void) | undefined;

  function end(event: string, message?: string): void {
    if (!isOpen) return;
    isOpen = false;
    cancelTimer?.();
    closeSync(file);
    if (event !== 'recording-ended') log.warn(event, { path: config.path, message });
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const text = pending;
    pending = '';
    try {
      if (isOpen && text !== '') writeSync(file, text);
    } catch (fault) {
      end('recording-failed', fault instanceof Error ? fault.message : String(fault));
    }
  }

  return {
    write(line) {
      if (!isOpen) return;
      room -= line.length + 1;
      if (room < 0) {
        flush();
        end('recording-full');
        return;
      }
      pending += `${line}\n`;
      if (pending.length >= pieceBytes) flush();
      else cancelTimer ??= clock.setTimer(flushMs, flush);
    },
    close() {
      flush();
      end('recording-ended');
    },
  };
}
