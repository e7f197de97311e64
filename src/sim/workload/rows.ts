import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { problem, ProblemError } from '#schema';

/** One line of a file, by column, and where it stands. */
export interface Row {
  readonly path: string;
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

function unreadable(path: string, why: string): ProblemError {
  return new ProblemError(problem('invalid_request', `${path} cannot be used as a workload: ${why}`));
}

export function nothingFrom(path: string, fromS: number, what: 'request' | 'window'): ProblemError {
  return unreadable(path, `it has no ${what} at or after second ${fromS} (\`fromS\`)`);
}

/** What is wrong with that line. */
export function wrongRow({ path, line }: Pick<Row, 'path' | 'line'>, why: string): ProblemError {
  return unreadable(path, `line ${line} ${why}`);
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (fault) {
    throw unreadable(path, fault instanceof Error ? fault.message : String(fault));
  }
}

interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines with something on them. */
function* linesOf(path: string): Generator<Line, undefined> {
  const all = textOf(path);
  for (let from = 0, line = 1; from < all.length; line++) {
    const to = all.indexOf('\n', from);
    const end = to === -1 ? all.length : to;
    const text = all.slice(from, end).trim();
    if (text !== '') yield { path, line, text };
    from = end + 1;
  }
  return undefined;
}

function parseLine(at: Line): Row {
  const { path, line, text } = at;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { path, line, cells: { ...value } };
  } catch {
    // Told below, together with lines that are JSON but no object.
  }
  throw wrongRow(at, `is no JSON object: "${text.slice(0, 60)}"`);
}

/** The objects of a file of JSON Lines. */
export function* jsonRowsOf(path: string): Generator<Row, undefined> {
  for (const line of linesOf(path)) yield parseLine(line);
  return undefined;
}

/** The rows of a CSV file with a header, or of JSON Lines. Values of CSV files are texts. */
export function* rowsOf(path: string): Generator<Row, undefined> {
  if (/\.jsonl(\.gz)?$/.test(path)) return yield* jsonRowsOf(path);
  const lines = linesOf(path);
  const first = lines.next();
  const names = first.done === true ? [] : first.value.text.split(',').map((name) => name.trim());
  for (const { line, text } of lines) {
    const values = text.split(',');
    yield { path, line, cells: Object.fromEntries(names.map((name, at) => [name, values[at]])) };
  }
  return undefined;
}

/** The number under the first of these names that the row has. */
export function numberIn(row: Row, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = row.cells[name];
    if (value === undefined || value === null || value === '') continue;
    const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
    if (Number.isFinite(number)) return number;
    throw wrongRow(row, `has ${JSON.stringify(value).slice(0, 60)} for ${name}, which is no number`);
  }
  return undefined;
}

/** As `numberIn`, of something that is never less than nothing. */
export function amountIn(row: Row, ...names: readonly string[]): number | undefined {
  const amount = numberIn(row, ...names);
  if (amount !== undefined && amount < 0)
    throw wrongRow(row, `has ${amount} for ${names[0]}: 0 is the least`);
  return amount;
}

/** What was found, or the complaint that none of these columns is there. */
export function required(row: Row, value: number | undefined, names: readonly string[]): number {
  if (value === undefined) throw wrongRow(row, `has none of ${names.join(', ')}`);
  return value;
}
