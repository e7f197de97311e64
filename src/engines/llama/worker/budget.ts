/** A fixed amount that is lent in parts, first come first served. */
export interface Budget {
  /** Resolves once `amount` is free and taken; at most the whole. */
  readonly take: (amount: number) => Promise<void>;
  readonly give: (amount: number) => void;
}

export function createBudget(whole: number): Budget {
  let free = whole;
  const waiting: { readonly amount: number; readonly go: () => void }[] = [];
  const serve = (): void => {
    for (let first = waiting[0]; first !== undefined && first.amount <= free; first = waiting[0]) {
      waiting.shift();
      free -= first.amount;
      first.go();
    }
  };
  return {
    take: (amount) =>
      new Promise((resolve) => {
        waiting.push({ amount, go: resolve });
        serve();
      }),
    give: (amount) => {
      free += amount;
      serve();
    },
  };
}
