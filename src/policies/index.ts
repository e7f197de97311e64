/** WHAT TO DO: pure decisions, one folder for each seam that asks. */
export type { Outcome, Policy, Reason } from './policy.ts';
export { queueBound, type Admission, type AdmitInput } from './admit/queue-bound.ts';
export { createReturns, noteCame, noteFreed, type Returns } from './batch/returns.ts';
export { lastMoment, type Batching, type BatchInput } from './batch/last-moment.ts';
export { batchMs, sizeWithin, steadySize, type BatchRates } from './batch/steady-size.ts';
export {
  learnExpired,
  learnLeft,
  learnWait,
  workLimit,
  type WorkAdmission,
  type WorkLimitInput,
  type WorkLimitMemory,
} from './admit/work-limit.ts';
export {
  createServiceCurve,
  learn,
  predictMs,
  ratesOf,
  recordOf,
  restoreCurve,
  usualOutputs,
  type CurveRecord,
  type Rates,
  type ServiceCurve,
} from './curve/service-curve.ts';
export type { ArrivalRate } from './batch/arrival-rate.ts';
export { nextInChain, type ChainInput } from './fallback/next-in-chain.ts';
export { stall, type StallInput, type StallMemory } from './detect/stall.ts';
export type { Entry } from './order/entry.ts';
export { createTurns, learnTurn, reachTurn, takeTurn, type TenantTurns } from './order/waiting-turns.ts';
export {
  complete,
  createFairOrder,
  enqueue,
  enqueueFirst,
  peekNext,
  putBack,
  serve,
  withdraw,
  type FairOrder,
  type Owner,
} from './order/fair-order.ts';
export { listWaiting } from './order/waiting.ts';
export { lookAhead, type Ahead } from './order/look-ahead.ts';
export { peekLeast } from './order/push-out.ts';
export { restartDelay, steadyAfterMs, type RestartInput, type RestartMemory } from './heal/restart-delay.ts';
export { spread, type PlaceInput, type Seat } from './place/spread.ts';
export { bucketCount, bucketMiddle, bucketOf } from './release/buckets.ts';
export { describeRelease } from './release/describe-release.ts';
export type { Doings, Finding, GateTerms, Measure } from './release/gate.ts';
export type { Pair } from './release/pair.ts';
export {
  releaseGates,
  releaseMemoryForm,
  type ReleaseDecision,
  type ReleaseLook,
  type ReleaseMemory,
  type ReleaseTerms,
} from './release/release-gates.ts';
export { repeatedPart } from './release/repeated-part.ts';
export { retryDelay, type RetryInput } from './heal/retry-delay.ts';
export type { ScaleInput, ScaleLoad } from './scale/input.ts';
export type { ScaleAdvice, Scaler } from './scale/advice.ts';
export { createScaler } from './scale/scaler.ts';
export {
  leastTtft,
  type LeastTtftDecision,
  type LeastTtftMemory,
  type RouteReplica,
  type RouteRequest,
} from './route/least-ttft.ts';
export { hashPrefixBlocks, prefixBlockBytes } from './route/prefix-blocks.ts';
export { createPrefixIndex, type PrefixIndex } from './route/prefix-index.ts';
export { createPrefixMirror, type PrefixMirror } from './route/prefix-mirror.ts';
export { listTurns } from './order/turns.ts';
export { circuit, isProbing, type CircuitEvent, type CircuitMemory } from './resilience/circuit.ts';
export { earnHedge, hearTook, hedge, hedgeAfterMs, type HedgeMemory } from './resilience/hedge.ts';
export { createAnswers, hearAnswer, outlierEjection, type Answers } from './resilience/outlier-ejection.ts';
export { earnRetry, retryBudget, type RetryMemory } from './resilience/retry-budget.ts';
