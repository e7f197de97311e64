/** Shelf: where users' own code runs. */
export { createThreadSteps, type ThreadStepsDeps } from './thread/index.ts';
