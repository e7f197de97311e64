import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { UsageError } from '../failure.ts';

const pieceLength = 65_536;

/** A file that takes lines, a piece at a time: virtual time leaves no turn in which a stream could write. */
export interface LineFile {
  add(line: string): void;
  close(): void;
}

function unwritable(path: string, fault: unknown): UsageError {
  return new UsageError(`Cannot write ${path}: ${fault instanceof Error ? fault.message : String(fault)}.`);
}

function openFile(path: string, flags: 'a' | 'w'): number {
  try {
    return openSync(path, flags);
  } catch (fault) {
    throw unwritable(path, fault);
  }
}

/** Finds out before the work whether its result can be written there; what is there stays until then. */
export function checkWritable(path: string): void {
  const isThere = existsSync(path);
  closeSync(openFile(path, 'a'));
  if (!isThere) rmSync(path);
}

/** A disk that fails is told at the end: in between, dispatch would take it for a fault of the replica it decides on. */
export function createLineFile(path: string): LineFile {
  const file = openFile(path, 'w');
  let piece = '';
  let fault: unknown;

  function flush(): void {
    try {
      if (fault === undefined) writeSync(file, piece);
    } catch (thrown) {
      fault = thrown;
    }
    piece = '';
  }
  return {
    add(line) {
      piece += `${line}\n`;
      if (piece.length >= pieceLength) flush();
    },
    close() {
      flush();
      closeSync(file);
      if (fault !== undefined) throw unwritable(path, fault);
    },
  };
}
