/** Control characters of somebody's text would break the lines, or tell the terminal what to do. */
function plain(cell: string): string {
  return cell.replaceAll(/\p{Cc}+/gu, ' ');
}

/** What a terminal draws two columns wide, and what it draws upon the letter before. */
const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{1FAFF}]/gu;
const upon = /\p{Mn}/gu;
const each = /./gsu;

function widthOf(cell: string): number {
  const count = (kind: RegExp): number => cell.match(kind)?.length ?? 0;
  return count(each) + count(wide) - count(upon);
}

/** Columns of text, as wide as they need to be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows].map((row) => row.map(plain));
  const widths = headings.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

/** `name: value` lines, aligned; empty values are left out. */
export function facts(rows: readonly (readonly [string, string | number | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 1;
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}`).join('\n');
}
