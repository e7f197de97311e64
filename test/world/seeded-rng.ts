/** The simulator's chance. */
export { createSeededRng } from '#sim/clock';
