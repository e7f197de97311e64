import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from './contender.ts';

export interface Figures {
  readonly singlePerS: number;
  readonly batchPerS: number;
  readonly claimsPerS: number;
  readonly startMsP50: number;
  readonly startMsP99: number;
}

export interface Amounts {
  readonly seconds: number;
  readonly callers: number;
  readonly batch: number;
  readonly starts: number;
}

/** So many callers at once, each with one after another. */
async function rate(callers: number, seconds: number, once: () => Promise<number>): Promise<number> {
  const startMs = performance.now();
  const untilMs = startMs + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < untilMs) {
        const more = await once();
        done += more;
      }
    }),
  );
  return done / ((performance.now() - startMs) / 1000);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** From the call that submits until a worker that has nothing to do holds the task. */
async function startTimes(contender: Contender, count: number): Promise<readonly number[]> {
  const sent = new Map<string, number>();
  const took: number[] = [];
  await contender.work((mark) => {
    const sentMs = sent.get(mark);
    if (sentMs !== undefined) took.push(performance.now() - sentMs);
    sent.delete(mark);
  });
  for (let at = 0; at < count + 20; at += 1) {
    // The first ones warm up.
    if (at === 20) took.length = 0;
    const mark = `m${at}`;
    sent.set(mark, performance.now());
    await contender.submitMarked(mark);
    for (let waited = 0; sent.has(mark) && waited < 400; waited += 1) await delay(5);
    await delay(7);
  }
  return took;
}

export async function measure(contender: Contender, amounts: Amounts): Promise<Figures> {
  const { seconds, callers, batch, starts } = amounts;
  await contender.submitMany(batch);
  await contender.drain();
  const singlePerS = await rate(callers, seconds, async () => {
    await contender.submit();
    return 1;
  });
  const batchPerS = await rate(2, seconds, async () => {
    await contender.submitMany(batch);
    return batch;
  });
  const beganMs = performance.now();
  const drained = await contender.drain();
  // A peer that only knows that it is done when nothing comes any more waits for that: not counted.
  const idleMs = contender.name === 'graphile-worker' ? 1500 : 0;
  const claimsPerS = drained / ((performance.now() - beganMs - idleMs) / 1000);
  const took = await startTimes(contender, contender.name === 'pg-boss' ? Math.min(starts, 30) : starts);
  return {
    singlePerS,
    batchPerS,
    claimsPerS,
    startMsP50: percentile(took, 0.5),
    startMsP99: percentile(took, 0.99),
  };
}
