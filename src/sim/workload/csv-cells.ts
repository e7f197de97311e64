/** A quoted cell, or one that does not begin with a quote; then a comma or the end. */
const cell = /(?:"([^"]*(?:""[^"]*)*)"|((?!")[^,]*))(,|$)/y;

/** The cells of one line of CSV (RFC 4180); undefined where a quoted one does not end, or not at a comma. */
export function cellsOf(line: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((text) => text.trim());
  const cells: string[] = [];
  cell.lastIndex = 0;
  for (;;) {
    const found = cell.exec(line);
    if (found === null) return undefined;
    const [, quoted, plain = '', after] = found;
    cells.push(quoted?.replaceAll('""', '"') ?? plain.trim());
    if (after === '') return cells;
  }
}
