/** The last line of every bench: flat JSON, snake_case names with units. `bench:all` collects them. */
export function printResult(values: Readonly<Record<string, number | undefined>>): void {
  const kept = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || !Number.isFinite(value) ? [] : [[name, Number(value.toPrecision(4))] as const],
  );
  console.log(`RESULT ${JSON.stringify(Object.fromEntries(kept))}`);
}

/** A table in plain text: the first column to the left, numbers to the right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    );
}
