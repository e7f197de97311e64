import pino from 'pino';
import type { Log } from '#contracts';

export interface PinoLogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Absolute path of the log file; standard error when absent. */
  readonly path?: string | undefined;
}

export interface ClosableLog extends Log {
  /** Writes out what is still buffered. */
  flush(): void;
}

/** Lines are collected and written together: one system call for many requests, at most this long after the fact. */
const flushIntervalMs = 200;
const bufferBytes = 8192;

/** Logs as JSON lines through pino. */
export function createPinoLog(options: PinoLogOptions): ClosableLog {
  const destination = pino.destination({
    ...(options.path === undefined ? { dest: 2 } : { dest: options.path, mkdir: true, mode: 0o600 }),
    sync: false,
    minLength: bufferBytes,
    periodicFlush: flushIntervalMs,
  });
  // A full disk must not take the process with it: the lines are lost, the requests are not.
  destination.on('error', () => undefined);
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.epochTime, messageKey: 'event' },
    destination,
  );
  return {
    debug: (event, facts) => {
      logger.debug(facts ?? {}, event);
    },
    info: (event, facts) => {
      logger.info(facts ?? {}, event);
    },
    warn: (event, facts) => {
      logger.warn(facts ?? {}, event);
    },
    error: (event, facts) => {
      logger.error(facts ?? {}, event);
    },
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // The destination never opened or the disk is full: nothing more can be done for these lines.
      }
    },
  };
}
