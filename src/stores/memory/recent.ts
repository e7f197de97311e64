interface Recent<T> {
  add(item: T): void;
  /** Oldest first. */
  all(): readonly T[];
}

/** The newest `max` of what was added. Old ones go in batches, so adding stays cheap. */
export function createRecent<T>(max: number): Recent<T> {
  let items: T[] = [];
  return {
    add(item) {
      items.push(item);
      if (items.length >= 2 * max) items = items.slice(-max);
    },
    all: () => items.slice(-max),
  };
}
