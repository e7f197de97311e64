import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { problem, ProblemError } from '#schema';

/** One line of a file, by column. */
export type Row = Readonly<Record<string, unknown>>;

function unreadable(path: string, why: string): ProblemError {
  return new ProblemError(problem('invalid_request', `${path} cannot be used as a workload: ${why}`));
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (fault) {
    throw unreadable(path, fault instanceof Error ? fault.message : String(fault));
  }
}

function* linesOf(text: string): Generator<string, undefined> {
  for (let from = 0; from < text.length;) {
    const to = text.indexOf('\n', from);
    const end = to === -1 ? text.length : to;
    const line = text.slice(from, end).trim();
    if (line !== '') yield line;
    from = end + 1;
  }
}

function parseLine(path: string, line: string): Row {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Told below, together with lines that are JSON but no object.
  }
  throw unreadable(path, `"${line.slice(0, 60)}" is no JSON object`);
}

/** The objects of a file of JSON Lines. */
export function* jsonRowsOf(path: string): Generator<Row, undefined> {
  for (const line of linesOf(textOf(path))) yield parseLine(path, line);
  return undefined;
}

/** The rows of a CSV file with a header, or of JSON Lines. Values of CSV files are texts. */
export function* rowsOf(path: string): Generator<Row, undefined> {
  if (/\.jsonl(\.gz)?$/.test(path)) return yield* jsonRowsOf(path);
  const lines = linesOf(textOf(path));
  const first = lines.next();
  const names = first.done === true ? [] : first.value.split(',').map((name) => name.trim());
  for (const line of lines) {
    const cells = line.split(',');
    yield Object.fromEntries(names.map((name, at) => [name, cells[at]]));
  }
  return undefined;
}

/** The number under the first of these names that the row has. */
export function numberIn(row: Row, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = row[name];
    if (value === undefined || value === null || value === '') continue;
    const number = Number(value);
    if (Number.isFinite(number)) return number;
  }
  return undefined;
}

export function requiredIn(path: string, row: Row, names: readonly string[]): number {
  const value = numberIn(row, ...names);
  if (value === undefined) throw unreadable(path, `a row has none of ${names.join(', ')}`);
  return value;
}
