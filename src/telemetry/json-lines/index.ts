import type { Log, LogFacts } from '#contracts';
import { createBatchedFile } from './batched-file.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

export interface JsonLinesOptions {
  /** The least important lines that are written. */
  readonly level: Level;
  /** Absolute path of the log file. */
  readonly path: string;
  /** Size at which a new file is begun; one full file is kept beside it. 64 MiB when absent. */
  readonly fileBytesMax?: number | undefined;
}

export interface ClosableLog extends Log {
  /** Writes out what is still held. */
  flush(): void;
}

const defaultFileBytesMax = 64 * 1024 * 1024;

function toLine(level: Level, event: string, facts: LogFacts | undefined): string {
  const head = `{"time":${Date.now()},"level":"${level}","event":"${event}"`;
  const rest = facts === undefined ? '{}' : JSON.stringify(facts);
  return rest === '{}' ? `${head}}\n` : `${head},${rest.slice(1)}\n`;
}

/** Logs as JSON lines: `time` in milliseconds since the epoch, `level`, `event`, then the facts. */
export function createJsonLinesLog({ level: least, path, fileBytesMax }: JsonLinesOptions): ClosableLog {
  const file = createBatchedFile({ path, fileBytesMax: fileBytesMax ?? defaultFileBytesMax });
  function writer(level: Level): (event: string, facts?: LogFacts) => void {
    if (levels.indexOf(level) < levels.indexOf(least)) return () => undefined;
    return (event, facts) => {
      file.write(toLine(level, event, facts));
    };
  }
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    flush: () => {
      file.flush();
    },
  };
}
