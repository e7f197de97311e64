const vocabulary =
  `river stone water wheel mill grain flour bread morning light cloud wind north harbour sail rope
lantern bridge meadow orchard apple honey clover garden window letter paper pencil book story market copper
silver hammer anvil thread needle button kettle table candle winter summer valley mountain forest cedar
sparrow heron salmon otter rabbit fox horse wagon road village bell tower clock`.split(/\s+/);

/** FNV-1a, 32 bits: fast, and good enough where nobody tries to collide. */
export function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** A stream of numbers in [0, 1) that the seed decides: a Weyl sequence, each step mixed. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Tokens of the fake engine: words with the blanks before them. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [];
}

/** `count` words that the prompt and the seed decide. */
export function answerTo(prompt: string, seed: number, count: number): readonly string[] {
  const chance = chances(hash(prompt, seed));
  return Array.from({ length: count }, (_, index) => {
    const word = vocabulary[Math.floor(chance() * vocabulary.length)] ?? 'river';
    return index === 0 ? word : ` ${word}`;
  });
}

/** A unit vector: the mean of its words' directions, so that texts with words in common lie close together. */
export function embed(text: string, seed: number, dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  const words = tokensOf(text.toLowerCase());
  for (const word of words.length === 0 ? [''] : words) {
    const chance = chances(hash(word.trim(), seed));
    for (let i = 0; i < dimensions; i += 1) sum[i] = (sum[i] ?? 0) + chance() - 0.5;
  }
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
