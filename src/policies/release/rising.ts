interface Block {
  readonly part: number;
  readonly whole: number;
  readonly length: number;
}

/**
 * The ratios `parts[at] / wholes[at]`, made to rise: wherever one is above the next they become one, of both together, until
 * none is (isotonic regression by pooling adjacent violators). Of all ratios that rise these are the likeliest.
 */
export function risingRatios(parts: readonly number[], wholes: readonly number[]): readonly number[] {
  const blocks: Block[] = [];
  for (const [at, part] of parts.entries()) {
    let block: Block = { part, whole: wholes[at] ?? 0, length: 1 };
    for (let last = blocks.at(-1); last !== undefined && isAbove(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = joined(last, block);
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ part, whole, length }) => Array.from({ length }, () => part / whole));
}

function isAbove(left: Block, right: Block): boolean {
  return left.part * right.whole >= right.part * left.whole;
}

function joined(left: Block, right: Block): Block {
  return {
    part: left.part + right.part,
    whole: left.whole + right.whole,
    length: left.length + right.length,
  };
}
