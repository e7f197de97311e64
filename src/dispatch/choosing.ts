import {
  createPrefixIndex,
  leastTtft,
  prefixBlockBytes,
  type LeastTtftMemory,
  type PrefixIndex,
} from '#policies';
import type { Slot } from './slot.ts';

/** What routing remembers of a deployment. */
export interface Choosing {
  policy: LeastTtftMemory;
  /** What the replicas' prefix caches should hold; undefined until it matters. */
  prefixes: PrefixIndex | undefined;
  /** Whose number is whose in `prefixes`. */
  readonly numbered: (Slot | undefined)[];
  /** How long prompts take to be read beside what the curve predicts. */
  readPace: number;
  /** Tells requests apart that nothing else does. */
  turn: number;
}

export function createChoosing(): Choosing {
  return { policy: leastTtft.begin(), prefixes: undefined, numbered: [], readPace: 1, turn: 0 };
}

const replicasAtFirst = 64;
/** A usual ratio of English text. */
const bytesPerToken = 4;

/** Replicas that came and went are forgotten; more than there were numbers for begin a new index. */
export function prefixesOf(choosing: Choosing, slots: readonly Slot[], cacheTokens: number): PrefixIndex {
  const needed = slots.reduce((most, slot) => Math.max(most, slot.number + 1), 0);
  if (choosing.prefixes === undefined || choosing.prefixes.replicasMax < needed) {
    const blocks = Math.ceil((cacheTokens * bytesPerToken) / prefixBlockBytes);
    const replicas = Math.max(replicasAtFirst, 2 ** Math.ceil(Math.log2(needed)));
    choosing.prefixes = createPrefixIndex(replicas, blocks);
    choosing.numbered.length = 0;
  }
  for (const slot of slots)
    if (choosing.numbered[slot.number] !== slot) {
      choosing.prefixes.clear(slot.number);
      choosing.numbered[slot.number] = slot;
    }
  return choosing.prefixes;
}
