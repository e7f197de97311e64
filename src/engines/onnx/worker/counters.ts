/** What a worker has done since it began: its proof of life. None of these ever falls, but `active` and `waiting`. */
export interface Counters {
  runs: number;
  /** Requests, or texts, in all runs: more than runs where batches were put together. */
  rows: number;
  requests: number;
  cancelled: number;
  /** Seconds of computing within runs that last long, counted while they do. */
  busySeconds: number;
  /** Requests that are being worked on or wait. */
  active: number;
  waiting: number;
}

export function createCounters(): Counters {
  return { runs: 0, rows: 0, requests: 0, cancelled: 0, busySeconds: 0, active: 0, waiting: 0 };
}

const lookEveryMs = 1000;
const busyMicroseconds = 100_000;

/** The runtime says nothing during a run. That it uses the processor is the sign that it is at work and not stuck. */
export async function watched<T>(counters: Counters, work: Promise<T>): Promise<T> {
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (user > busyMicroseconds) counters.busySeconds += 1;
  }, lookEveryMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    counters.runs += 1;
  }
}
