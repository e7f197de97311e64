import { readFileSync, writeFileSync } from 'node:fs';
import type { FakeOptions } from '../options.ts';
import { crash } from './crash.ts';
import { pause } from './pause.ts';

export interface Loading {
  readonly state: 'loading' | 'ready' | 'failed';
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string | undefined;
}

/** Loads nothing, the way the options say; the returned function tells how far it is. */
export function startLoading(options: FakeOptions): () => Loading {
  const startMs = performance.now();
  let state: Loading['state'] = 'loading';
  const load = async (): Promise<void> => {
    if (startsBefore(options) < options.exitDuringLoadTimes) {
      await pause(options.loadMs / 2);
      crash({ ...options, crashBy: 'exit' }, 'as exitDuringLoadTimes says');
    }
    takeMemory(options.memoryBytes);
    if (options.loadMs > 0) await pause(options.loadMs);
    state = options.failLoad === undefined ? 'ready' : 'failed';
  };
  void load();
  return () => ({
    state,
    fraction: state === 'ready' ? 1 : Math.min(0.99, (performance.now() - startMs) / (options.loadMs || 1)),
    message: state === 'failed' ? options.failLoad : undefined,
  });
}

function startsBefore({ startsFile }: FakeOptions): number {
  if (startsFile === undefined) return 0;
  const starts = readStarts(startsFile);
  writeFileSync(startsFile, String(starts + 1));
  return starts;
}

function readStarts(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

const held: Buffer[] = [];
const pieceBytes = 64 * 1024 * 1024;

function takeMemory(sizeBytes: number): void {
  for (let taken = 0; taken < sizeBytes; taken += pieceBytes) {
    // Filled: memory that nobody has written to is not there yet.
    held.push(Buffer.alloc(Math.min(pieceBytes, sizeBytes - taken), 1));
  }
}
