const words =
  'river stone water wheel mill grain flour bread morning light cloud wind north harbour sail'.split(' ');

/** Words at random, by numbers in [0, 1): prompts that have nothing in common, so that no cache answers for the engine. */
export function randomWords(count: number, chance: () => number): string {
  return Array.from({ length: count }, () => words[Math.floor(chance() * words.length)]).join(' ');
}
