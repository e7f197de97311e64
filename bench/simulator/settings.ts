/** One way to run the deployment. */
export interface Setting {
  readonly name: string;
  readonly replicas: number;
  /** Requests that a replica is sent at once. */
  readonly concurrency: number;
}

export const main: Setting = { name: 'main', replicas: 3, concurrency: 4 };

/** Different enough that there is an order to be found, near enough that it is no matter of course. */
export const ranked: readonly Setting[] = (
  [
    [3, 1],
    [3, 2],
    [3, 3],
    [3, 6],
    [2, 2],
    [2, 3],
    [2, 4],
    [1, 5],
    [1, 8],
  ] as const
).map(([replicas, concurrency]) => ({
  name: `${replicas} replicas, ${concurrency} each`,
  replicas,
  concurrency,
}));
