/** Virtual time and seeded chance: all a story needs to be told the same way twice. */
export { createSeededRng } from './seeded-rng.ts';
export { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
