/** A draw without replacement: of `all` things `bad` are bad, and `drawn` of them are drawn. */
export interface Draw {
  readonly all: number;
  readonly bad: number;
  readonly drawn: number;
}

export interface Chances {
  readonly from: number;
  /** Of `from` bad ones among the drawn, of one more, and so on. */
  readonly chances: readonly number[];
}

export function chancesOf({ all, bad, drawn }: Draw): Chances {
  const from = Math.max(0, bad - (all - drawn));
  const to = Math.min(bad, drawn);
  const chances = [1];
  let [last, sum] = [1, 1];
  for (let at = from; at < to; at += 1) {
    last *= ((drawn - at) * (bad - at)) / ((at + 1) * (all - drawn - bad + at + 1));
    chances.push(last);
    sum += last;
  }
  return { from, chances: chances.map((chance) => chance / sum) };
}

/** What each outcome would make of 1 now, by its chance; `cap` is what a rollback needs. */
export interface Bet {
  readonly chances: readonly number[];
  readonly factors: readonly number[];
  readonly cap: number;
}

/** By how much every outcome can be raised, if none pays more than the cap, so that 1 is still what can be expected. */
export function boostOf({ chances, factors, cap }: Bet): number {
  let boost = 1;
  // Those beyond the cap come one after the other, the greatest first.
  for (let turn = 0; turn < factors.length; turn += 1) {
    let [capped, rest] = [0, 0];
    for (const [at, factor] of factors.entries()) {
      if (factor * boost >= cap) capped += (chances[at] ?? 0) * cap;
      else rest += (chances[at] ?? 0) * factor;
    }
    const next = rest === 0 ? boost : Math.max(1, (1 - capped) / rest);
    if (next <= boost) return boost;
    boost = next;
  }
  return boost;
}
