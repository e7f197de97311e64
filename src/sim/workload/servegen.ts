import type { Rng } from '#contracts';
import { drawGap } from './draw.ts';
import { amountIn, nothingFrom, required, rowsOf } from './rows.ts';

interface ClientWindow {
  readonly fromMs: number;
  readonly requests: number;
  readonly cv: number;
}

/** More bursty than this no client is taken to be: a few windows name values that one window cannot show. */
const cvMax = 20;

const windowMs = 600_000;

function momentsIn({ fromMs, requests, cv }: ClientWindow, scale: number, rng: Rng): readonly number[] {
  const gapMs = windowMs / (requests * scale);
  const moments: number[] = [];
  // The window opens somewhere within a gap, not at its beginning.
  for (let at = drawGap(rng, cv) * rng.next() * gapMs; at < windowMs; at += drawGap(rng, cv) * gapMs)
    moments.push(fromMs + at);
  return moments;
}

export interface ClientsInput {
  readonly path: string;
  readonly fromS: number;
  readonly scale: number;
}

function byWindow({ path, fromS }: ClientsInput): Map<number, ClientWindow[]> {
  const windows = new Map<number, ClientWindow[]>();
  for (const row of rowsOf(path)) {
    const fromMs = (required(row, amountIn(row, 't_s'), ['t_s']) - fromS) * 1000;
    const requests = required(row, amountIn(row, 'requests'), ['requests']);
    if (fromMs < 0 || requests <= 0) continue;
    const list = windows.get(fromMs) ?? [];
    list.push({ fromMs, requests, cv: Math.min(cvMax, amountIn(row, 'cv') ?? 1) });
    windows.set(fromMs, list);
  }
  if (windows.size === 0) throw nothingFrom(path, fromS, 'request');
  return windows;
}

/**
 * Regenerates arrivals from clients that each have, in every window of ten minutes, a number of requests and the
 * coefficient of variation of their gaps (ServeGen, arXiv:2505.09999).
 */
export function* clientMoments(input: ClientsInput, rng: Rng): Generator<number, undefined> {
  const windows = byWindow(input);
  for (const fromMs of [...windows.keys()].toSorted((a, b) => a - b)) {
    const clients = windows.get(fromMs) ?? [];
    const moments = clients.flatMap((client) => momentsIn(client, input.scale, rng));
    yield* moments.toSorted((a, b) => a - b);
  }
  return undefined;
}
