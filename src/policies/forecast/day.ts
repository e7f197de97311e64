/** Times of the day in pieces of ten minutes. */
export const dayMs = 86_400_000;
export const slotMs = 600_000;
export const slotsPerDay = dayMs / slotMs;

/** Which piece of its day a moment is in, UTC. */
export function slotOf(atMs: number): number {
  return Math.floor((((atMs % dayMs) + dayMs) % dayMs) / slotMs);
}
