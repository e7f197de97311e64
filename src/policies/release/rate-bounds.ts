export interface Seen {
  readonly bad: number;
  readonly requests: number;
}

const stirlingFrom = 8;

/** ln Γ(x) for x > 0, by Stirling's series above 8: exact to ten digits. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < stirlingFrom; at += 1) shift -= Math.log(at);
  const inverse = 1 / at;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}

/** ln of the probability of what was seen, averaged over all rates with weight Beta(½, ½). */
function logAverage({ bad, requests }: Seen): number {
  const logBeta = logGamma(bad + 0.5) + logGamma(requests - bad + 0.5) - logGamma(requests + 1);
  return logBeta - Math.log(Math.PI);
}

function logChance({ bad, requests }: Seen, rate: number): number {
  const good = requests - bad;
  return (bad === 0 ? 0 : bad * Math.log(rate)) + (good === 0 ? 0 : good * Math.log1p(-rate));
}

const halvings = 40;

/** The rate furthest from what was seen, towards `end` (0 or 1), that the average does not refute. */
function edge(seen: Seen, end: 0 | 1, beta: number): number {
  if (seen.requests === 0) return end;
  const floor = logAverage(seen) + Math.log(beta);
  let inside = seen.bad / seen.requests;
  let outside: number = end;
  if (inside === outside) return end;
  for (let turn = 0; turn < halvings; turn += 1) {
    const middle = (inside + outside) / 2;
    if (logChance(seen, middle) > floor) inside = middle;
    else outside = middle;
  }
  return outside;
}

/**
 * How much greater the candidate's rate can be than the stable one's, with confidence 1 − β at all times together.
 * Unlike the ratio it says something of events that have never happened.
 */
export function riseBound(candidate: Seen, stable: Seen, beta: number): number {
  return edge(candidate, 1, beta / 2) - edge(stable, 0, beta / 2);
}
