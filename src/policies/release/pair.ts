/** One of each of the two versions that are compared. */
export interface Pair<T> {
  readonly candidate: T;
  readonly stable: T;
}
