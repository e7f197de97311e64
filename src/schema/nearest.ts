/** One more row of the table of edits: `above` holds the counts for one letter less of `from`. */
function nextRow(above: readonly number[], letter: string, to: string): number[] {
  const row = [(above[0] ?? 0) + 1];
  for (let column = 1; column <= to.length; column += 1) {
    const replaced = (above[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
    row.push(Math.min((above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1, replaced));
  }
  return row;
}

/** How many letters to add, drop or replace (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) row = nextRow(row, letter, to);
  return row[to.length] ?? 0;
}

function letters(word: string): string {
  return word.split('').toSorted().join('');
}

/** How far a slip of the fingers is from a word; letters in the wrong order are the commonest slip, so they count 1. */
function slipDistance(from: string, to: string): number {
  const edits = editDistance(from, to);
  return edits > 1 && letters(from) === letters(to) ? 1 : edits;
}

/** The candidate that someone who wrote `word` most likely meant, or nothing when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Nobody means a word this long by mistake, and the table grows with it.
  if (word.length > 100) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // A third of the letters may be wrong; beyond that a suggestion confuses more than it helps.
  let bound = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = slipDistance(wanted, candidate.toLowerCase());
    if (distance < bound) {
      bound = distance;
      best = candidate;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
