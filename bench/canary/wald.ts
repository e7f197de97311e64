import { normalQuantile, sigma } from './world.ts';

/** Requests or bad events before which no test of level α with power 1 can decide, on average (Wald 1945). */
export function waldErrors(share: number, ratio: number, alpha: number): number {
  const part = (share * ratio) / (share * ratio + 1 - share);
  const information = part * Math.log(part / share) + (1 - part) * Math.log((1 - part) / (1 - share));
  return Math.log(1 / alpha) / information;
}

const steps = 20_000;

/** The same for latencies that are `ratio` times as long: what a request tells of the version that it went to. */
export function waldLatency(share: number, ratio: number, alpha: number): number {
  const shift = Math.log(ratio) / sigma;
  let information = 0;
  for (let step = 0; step < steps; step += 1) {
    const z = normalQuantile((step + 0.5) / steps);
    // ln f_c(z)/f_b(z) at a value of the stable version, and at the same point moved for the candidate.
    const atStable = Math.exp(shift * z - (shift * shift) / 2);
    const atCandidate = Math.exp(shift * (z + shift) - (shift * shift) / 2);
    information -= ((1 - share) * Math.log(1 + share * (atStable - 1))) / steps;
    information += (share * Math.log(atCandidate / (1 + share * (atCandidate - 1)))) / steps;
  }
  return Math.log(1 / alpha) / information;
}
