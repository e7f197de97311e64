const wordsTogether = 4;
const charactersTogether = 12;

function runsOf<T>(length: number, together: number, run: (from: number) => T): readonly T[] {
  return Array.from({ length: Math.max(0, length - together + 1) }, (_, from) => run(from));
}

/**
 * How much of a text stood there before, from 0 to 1: the part of its runs of four words that are not the first of
 * their kind. Of writing without spaces, runs of twelve characters.
 */
export function repeatedPart(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const isSpaced = words.length * charactersTogether > text.length;
  const runs = isSpaced
    ? runsOf(words.length, wordsTogether, (from) => words.slice(from, from + wordsTogether).join(' '))
    : runsOf(text.length, charactersTogether, (from) => text.slice(from, from + charactersTogether));
  return runs.length === 0 ? 0 : 1 - new Set(runs).size / runs.length;
}
