export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** A promise and the function that settles it. */
export function createDeferred(): Deferred {
  const settlers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => {
    settlers.push(resolve);
  });
  return {
    promise,
    resolve: () => {
      for (const settle of settlers) settle();
    },
  };
}
