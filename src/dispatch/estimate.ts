import { predictMs, type ServiceCurve, usualOutputs } from '#policies';
import type { Job } from './job.ts';
import type { Usage } from './usage.ts';

const sampleWeight = 0.05;

function promptBytes({ ask }: Job): number {
  return ask.promptFrom === -1 ? ask.body.length : ask.promptTo - ask.promptFrom;
}

/** More answers than this no engine gives: whoever wants them is refused there, and must not seem to be work until then. */
const answersMax = 128;

function answersOf({ ask }: Job): number {
  return Math.min(answersMax, ask.answers);
}

/** Estimates what a request will cost, before it is known. */
export function estimate(job: Job, curve: ServiceCurve | undefined): void {
  const { ask, lane } = job;
  const { bytesPerToken, samples } = lane.expectation;
  // After a restart the curve is there before the first answer is.
  const known = samples === 0 && curve !== undefined ? usualOutputs(curve) : undefined;
  const answerTokens = known ?? lane.expectation.answerTokens;
  job.inputs = promptBytes(job) / bytesPerToken;
  const each = Math.min(answerTokens, ask.maxTokens ?? Infinity);
  job.outputs = ask.endpoint === '/v1/embeddings' ? 0 : each * answersOf(job);
  job.workMs = curve && predictMs(curve, job.inputs, job.outputs);
}

export function learnExpectation(job: Job, { promptTokens, completionTokens }: Usage): void {
  const { expectation } = job.lane;
  if (promptTokens === 0 && completionTokens === 0) return;
  expectation.samples += 1;
  // The first one replaces what was only assumed.
  const weight = Math.max(sampleWeight, 1 / expectation.samples);
  const perAnswer = completionTokens / answersOf(job);
  if (promptTokens > 0)
    expectation.bytesPerToken += weight * (promptBytes(job) / promptTokens - expectation.bytesPerToken);
  if (completionTokens > 0) expectation.answerTokens += weight * (perAnswer - expectation.answerTokens);
}

/** Until something was measured requests are ordered as if of these costs; nothing else is decided by them. */
const unmeasured = { fixedMs: 10, inputMs: 0.2, outputMs: 10 };

/** What a request weighs in the order: milliseconds of one place. */
export function orderCost({ workMs, inputs, outputs }: Job): number {
  const { fixedMs, inputMs, outputMs } = unmeasured;
  return Math.max(1e-3, workMs ?? fixedMs + inputMs * inputs + outputMs * outputs);
}

/** Predicted time in its place until the answer begins: a stream begins with its first token, all else with its end. */
export function firstByteMs(job: Job, curve: ServiceCurve | undefined): number | undefined {
  return job.ask.stream && curve !== undefined ? predictMs(curve, job.inputs, answersOf(job)) : job.workMs;
}
