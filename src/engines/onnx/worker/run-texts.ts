import { watched } from './counters.ts';
import type { RunDeps } from './run-tensors.ts';
import type { TextReader } from './text-reader.ts';
import type { TextWork } from './work.ts';

export interface TextRunDeps extends RunDeps {
  readonly reader: TextReader;
  /** Texts in one run. */
  readonly rowsMax: number;
}

/** How far the texts of one request are. */
interface Progress {
  readonly work: TextWork;
  readonly vectors: Float32Array[];
  left: number;
  runMs: number;
  over: boolean;
}

interface Row {
  readonly progress: Progress;
  readonly index: number;
  readonly tokens: readonly number[];
}

function begin(work: TextWork): readonly Row[] {
  const progress: Progress = { work, vectors: [], left: work.texts.length, runMs: 0, over: false };
  return work.texts.map((tokens, index) => ({ progress, index, tokens }));
}

function fail(rows: readonly Row[], error: unknown): void {
  for (const progress of new Set(rows.map((row) => row.progress))) {
    if (progress.over) continue;
    progress.over = true;
    progress.work.failed(error);
  }
}

function give(rows: readonly Row[], vectors: readonly Float32Array[], runMs: number): void {
  for (const [at, { progress, index }] of rows.entries()) {
    const vector = vectors[at];
    if (vector === undefined) continue;
    progress.vectors[index] = vector;
    progress.left -= 1;
  }
  for (const progress of new Set(rows.map((row) => row.progress))) {
    progress.runMs += runMs;
    if (progress.left === 0) progress.work.done({ vectors: progress.vectors, runMs: progress.runMs });
  }
}

/**
 * Embeds the texts of all requests, as many in one run as may be, those of like length together: padding costs as
 * much as text. Who has gone meanwhile is left out of the runs that are still to come.
 */
export async function runTexts(deps: TextRunDeps, asked: readonly TextWork[]): Promise<void> {
  const { session, reader, counters, rowsMax } = deps;
  const rows = asked.flatMap(begin).toSorted((one, other) => one.tokens.length - other.tokens.length);
  for (let from = 0; from < rows.length; from += rowsMax) {
    const part = rows.slice(from, from + rowsMax);
    const now = part.filter(({ progress }) => !progress.over && !progress.work.signal.aborted);
    if (now.length === 0) continue;
    const texts = now.map(({ tokens }) => tokens);
    try {
      const ran = await watched(counters, session.run(reader.feeds(texts), [reader.output]));
      const output = ran.outputs.get(reader.output);
      counters.rows += now.length;
      if (output !== undefined) give(now, reader.vectors(output, texts), ran.runMs);
    } catch (error) {
      fail(now, error);
    }
  }
}
