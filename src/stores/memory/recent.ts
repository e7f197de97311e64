interface Recent<T> {
  add(item: T): void;
  /** Drops all others. */
  keep(wanted: (item: T) => boolean): void;
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
    keep(wanted) {
      items = items.slice(-max).filter(wanted);
    },
    all: () => items.slice(-max),
  };
}
