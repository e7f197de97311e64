import type { LineCounts, Problem, Task } from '#schema';
import type { Result } from '#contracts';

/** What a batch was made with; kept as its task's input. */
export interface BatchSpec {
  readonly inputFile: string;
  readonly endpoint: string;
  /** Milliseconds since the epoch: lines that have not ended by then do so unanswered. */
  readonly deadlineMs: number;
  /** How long its files are kept. */
  readonly filesKeepMs: number;
}

/** The request that a line holds. */
export interface AskedLine {
  readonly customId: string;
  readonly model: string;
  readonly body: Uint8Array;
}

export interface BatchLine {
  /** From 1. */
  readonly number: number;
  /** Id of its task: the same however often the file is read. */
  readonly taskId: string;
  readonly asked: Result<AskedLine>;
}

/** How a line ended: as its task did, or without one. */
export type LineEnd =
  | { readonly kind: 'task'; readonly task: Task; readonly answer: Uint8Array | undefined }
  | { readonly kind: 'untaken'; readonly problem: Problem };

export const batchEnds = ['completed', 'failed', 'cancelled', 'expired'] as const;

/** How a batch ended; kept as its task's output. */
export interface BatchEnd {
  readonly status: (typeof batchEnds)[number];
  readonly outputFile?: string | undefined;
  readonly errorFile?: string | undefined;
  readonly counts: Omit<LineCounts, 'finalizing'>;
  /** Why there was nothing to do. */
  readonly errors: readonly { readonly line?: number | undefined; readonly problem: Problem }[];
}

/** How batches look in files. The room that knows HTTP's dialects knows it. */
export interface BatchWire {
  readSpec(input: Uint8Array): BatchSpec | undefined;
  readLine(spec: BatchSpec, bytes: Uint8Array): Result<AskedLine>;
  /** One line of the output or the error file, with its line feed. */
  writeLine(line: BatchLine, end: LineEnd): Uint8Array;
  writeEnd(end: BatchEnd): Uint8Array;
}

/** The mark that says that somebody wants a batch to end. */
export function cancelMarkOf(batchId: string): string {
  return `${batchId}_cancel`;
}
