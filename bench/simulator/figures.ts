import type { Answer } from './client.ts';

/** What a run comes to, live or simulated. */
export interface Figures {
  readonly ttftMeanMs: number;
  readonly ttftP99Ms: number;
  readonly latencyMeanMs: number;
  /** Requests answered with their first token in time, per second. */
  readonly goodputPerS: number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function figuresOf(answers: readonly Answer[], given: { seconds: number; ttftMs: number }): Figures {
  const good = answers.filter(({ firstMs, status }) => firstMs !== undefined && status === 200);
  const ttft = good.map(({ firstMs = 0, sentMs }) => firstMs - sentMs);
  const sorted = ttft.toSorted((a, b) => a - b);
  return {
    ttftMeanMs: mean(ttft),
    ttftP99Ms: sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? NaN,
    latencyMeanMs: mean(good.map(({ endMs, sentMs }) => endMs - sentMs)),
    goodputPerS: ttft.filter((ms) => ms <= given.ttftMs).length / given.seconds,
  };
}

/** |simulated ÷ live − 1|. */
export function errorOf(live: number, simulated: number): number {
  return Math.abs(simulated / live - 1);
}

/** Kendall's tau (a): concordant pairs minus discordant ones, of all pairs. */
export function kendall(left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < left.length; a++)
    for (let b = a + 1; b < left.length; b++) {
      const [x, y] = [(left[a] ?? 0) - (left[b] ?? 0), (right[a] ?? 0) - (right[b] ?? 0)];
      sum += Math.sign(x) * Math.sign(y);
      pairs += 1;
    }
  return sum / pairs;
}
