interface Led {
  /** Requests that were due since the last decision, and how many of them were late. */
  readonly due: { readonly count: number; readonly late: number } | undefined;
  /** How fast it follows; 0 not at all. */
  readonly gain?: number | undefined;
  readonly attainment: number;
}

const headroomMin = 0.9;
const headroomMax = 2.5;
/** A decision in which everything was late raises the headroom by this, one with nothing late lowers it by 1 % of it. */
const gainDefault = 0.01;

/**
 * An integral controller: in balance when as many are late as may be. While there is no replica everybody is late,
 * which headroom does not change, so that teaches nothing.
 */
export function ledHeadroom(headroom: number, { due, gain = gainDefault, attainment }: Led): number {
  if (due === undefined || due.count <= 0) return headroom;
  const excess = Math.min(1, due.late / due.count) - (1 - attainment);
  return Math.min(headroomMax, Math.max(headroomMin, headroom + gain * excess));
}
