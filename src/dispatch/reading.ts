import { predictMs } from '#policies';
import type { Job } from './job.ts';
import type { Slot } from './slot.ts';

const paceWeight = 0.1;
const paceMax = 32;

function uncachedTokens({ lane, asked, inputs }: Job, slot: Slot): number {
  const { prefixes } = lane.choosing;
  if (asked === undefined || prefixes === undefined || asked.prefix.length === 0) return inputs;
  return Math.max(0, inputs - prefixes.held(asked.prefix, slot.number) * asked.tokensPerBlock);
}

/** The prompt is on its way to the replica: it will be read after those before it, and is then held. */
export function beginReading(job: Job, slot: Slot): void {
  const { lane, ask, asked, sentMs } = job;
  if (asked === undefined) return;
  const predictedMs = ask.stream ? predictMs(slot.curve, uncachedTokens(job, slot), 1) : undefined;
  if (asked.prefix.length > 0) lane.choosing.prefixes?.touch(asked.prefix, slot.number);
  if (predictedMs === undefined) return;
  job.reading = { predictedMs: predictedMs * slot.pace, alone: slot.reading === 0 };
  slot.reading += 1;
  slot.readByMs = Math.max(sentMs, slot.readByMs) + predictedMs * slot.pace * lane.choosing.readPace;
}

/** The prompt is read, or nobody wants it any more. `begunMs` is when its answer began, where it did. */
export function endReading(job: Job, slot: Slot, begunMs: number | undefined): void {
  const { reading, lane } = job;
  if (reading === undefined) return;
  job.reading = undefined;
  slot.reading -= 1;
  if (slot.reading === 0) slot.readByMs = 0;
  if (begunMs === undefined || !reading.alone || reading.predictedMs <= 0) return;
  const ratio = (begunMs - job.sentMs) / reading.predictedMs;
  const bounded = Math.min(paceMax, Math.max(1 / paceMax, ratio));
  lane.choosing.readPace += paceWeight * (bounded - lane.choosing.readPace);
}
