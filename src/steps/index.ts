/** Shelf: where users' own code runs. */
export { createThreadScorer, createThreadSteps, type ThreadStepsDeps } from './thread/index.ts';
