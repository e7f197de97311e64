import { closeSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../failure.ts';

const pieceLength = 65_536;

/** A file that takes lines, a piece at a time: virtual time leaves no turn in which a stream could write. */
export interface LineFile {
  add(line: string): void;
  close(): void;
}

/** Opens a file to be written, before the work whose result it is to hold. */
export function openToWrite(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (fault) {
    throw new UsageError(`Cannot write ${path}: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
}

export function createLineFile(path: string): LineFile {
  const file = openToWrite(path);
  let piece = '';

  function flush(): void {
    if (piece !== '') writeSync(file, piece);
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
    },
  };
}
