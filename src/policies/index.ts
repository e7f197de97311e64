/** WHAT TO DO: pure decisions, one folder for each seam that asks. */
export type { Outcome, Policy, Reason } from './policy.ts';
export { queueBound, type Admission, type AdmitInput } from './admit/queue-bound.ts';
export { lastMoment, type Batching, type BatchInput } from './batch/last-moment.ts';
export { batchMs, sizeWithin, steadySize, type BatchRates } from './batch/steady-size.ts';
export { stall, type StallInput, type StallMemory } from './detect/stall.ts';
export { restartDelay, steadyAfterMs, type RestartInput, type RestartMemory } from './heal/restart-delay.ts';
export { leastWork, type LeastWorkInput, type RouteCandidate } from './route/least-work.ts';
export type { ScaleInput, ScaleLoad } from './scale/input.ts';
export { createScaler, type Scaler } from './scale/scaler.ts';
