import { renameSync } from 'node:fs';
import sonicBoom, { type SonicBoom } from 'sonic-boom';
import type { Log, LogFacts } from '#contracts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

export interface JsonLinesOptions {
  /** The least important lines that are written. */
  readonly level: Level;
  /** Absolute path of the log file. */
  readonly path: string;
  /** A file that has grown to this is kept as `PATH.1`, in place of the one before, and a new one begun. 64 MiB when absent. */
  readonly fileBytesMax?: number | undefined;
}

export interface ClosableLog extends Log {
  /** Writes out what is still buffered. */
  flush(): void;
}

/** Lines are collected and written together: one system call for many requests, at most this long after the fact. */
const flushIntervalMs = 200;
const bufferBytes = 8192;
const defaultFileBytesMax = 64 * 1024 * 1024;
/** What a disk that does not keep up may cost in memory; lines beyond it are dropped. */
const pendingBytesMax = 4 * 1024 * 1024;

function openDestination(path: string): SonicBoom {
  const destination = new sonicBoom.SonicBoom({
    dest: path,
    mkdir: true,
    mode: 0o600,
    sync: false,
    minLength: bufferBytes,
    maxLength: pendingBytesMax,
    periodicFlush: flushIntervalMs,
  });
  // A full disk must not take the process with it: the lines are lost, the requests are not.
  destination.on('error', () => undefined);
  return destination;
}

function toLine(level: Level, event: string, facts: LogFacts | undefined): string {
  const head = `{"time":${Date.now()},"level":"${level}","event":"${event}"`;
  const rest = facts === undefined ? '{}' : JSON.stringify(facts);
  return rest === '{}' ? `${head}}\n` : `${head},${rest.slice(1)}\n`;
}

/** Keeps one full file beside the current one: a log never takes more than twice the limit. */
function createRotation(
  destination: SonicBoom,
  path: string,
  fileBytesMax: number,
): (addedBytes: number) => void {
  let bytes = 0;
  return (addedBytes) => {
    bytes += addedBytes;
    if (bytes < fileBytesMax) return;
    bytes = 0;
    try {
      renameSync(path, `${path}.1`);
      destination.reopen();
    } catch {
      // It goes on in the same file; the next time may do better.
    }
  };
}

/** Logs as JSON lines: `time` in milliseconds since the epoch, `level`, `event`, then the facts. */
export function createJsonLinesLog(options: JsonLinesOptions): ClosableLog {
  const destination = openDestination(options.path);
  const rotate = createRotation(destination, options.path, options.fileBytesMax ?? defaultFileBytesMax);
  const least = levels.indexOf(options.level);
  function writer(level: Level): (event: string, facts?: LogFacts) => void {
    if (levels.indexOf(level) < least) return () => undefined;
    return (event, facts) => {
      const line = toLine(level, event, facts);
      destination.write(line);
      rotate(line.length);
    };
  }
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // The destination never opened or the disk is full: nothing more can be done for these lines.
      }
    },
  };
}
