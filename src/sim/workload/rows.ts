import { problem, ProblemError } from '#schema';
import { cellsOf } from './csv-cells.ts';
import { fileLines, type FileLine } from './file-lines.ts';

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

interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines with something on them; what fails while they are read is told with the path. */
function* linesOf(path: string, endedOnly = false): Generator<Line, undefined> {
  const lines = fileLines(path);
  try {
    for (;;) {
      const next = read(path, lines);
      if (next === undefined || (endedOnly && !next.isEnded)) return undefined;
      const text = next.text.trim();
      if (text !== '') yield { path, line: next.line, text };
    }
  } finally {
    lines.return(undefined);
  }
}

function read(path: string, lines: Iterator<FileLine, undefined>): FileLine | undefined {
  try {
    return lines.next().value;
  } catch (fault) {
    throw unreadable(path, fault instanceof Error ? fault.message : String(fault));
  }
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

/** The lines of what `up --record` wrote. A last line without an end was cut when the platform died. */
export function* recordingRowsOf(path: string): Generator<Row, undefined> {
  let isFirst = true;
  for (const line of linesOf(path, true)) {
    const row = parseLine(line);
    if (isFirst && row.cells['recording'] === undefined)
      throw unreadable(path, 'it does not begin as a recording of `up --record` does');
    isFirst = false;
    yield row;
  }
  return undefined;
}

function cellsIn(line: Line): readonly string[] {
  const cells = cellsOf(line.text);
  if (cells === undefined) throw wrongRow(line, 'has a quoted cell that does not end properly in its line');
  return cells;
}

/** The rows of a CSV file with a header, or of JSON Lines. Values of CSV files are texts. */
export function* rowsOf(path: string): Generator<Row, undefined> {
  let isJson = /\.(jsonl|ndjson)(\.gz)?$/.test(path);
  let names: readonly string[] | undefined;
  for (const line of linesOf(path)) {
    isJson ||= names === undefined && line.text.startsWith('{');
    if (isJson) yield parseLine(line);
    else if (names === undefined) names = cellsIn(line);
    else {
      const values = cellsIn(line);
      const cells = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      yield { path, line: line.line, cells };
    }
  }
  return undefined;
}

/** The number under the first of these names that the row has; never less than nothing. */
export function amountIn(row: Row, ...names: readonly string[]): number | undefined {
  const found = cellIn(row, names);
  if (found !== undefined && found.number < 0)
    throw wrongRow(row, `has ${found.number} for ${found.name}: 0 is the least`);
  return found?.number;
}

function cellIn(row: Row, names: readonly string[]): { name: string; number: number } | undefined {
  for (const name of names) {
    const value = row.cells[name];
    if (value === undefined || value === null || value === '') continue;
    const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
    if (Number.isFinite(number)) return { name, number };
    throw wrongRow(row, `has ${shown(value)} for ${name}, which is no number`);
  }
  return undefined;
}

/** The whole numbers of a list, where the row has it. */
export function numbersIn(row: Row, name: string): readonly number[] | undefined {
  const value = row.cells[name];
  if (!Array.isArray(value)) return undefined;
  const numbers = value.map((one: unknown) => (typeof one === 'number' ? one : NaN));
  if (numbers.every(Number.isSafeInteger)) return numbers;
  throw wrongRow(row, `has ${shown(value)} for ${name}, which is no list of whole numbers`);
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}

/** What was found, or the complaint that none of these columns is there. */
export function required(row: Row, value: number | undefined, names: readonly string[]): number {
  if (value !== undefined) return value;
  const there = Object.keys(row.cells).join(', ').slice(0, 200);
  throw wrongRow(row, `has none of ${names.join(', ')}; it has ${there || 'nothing'}`);
}
