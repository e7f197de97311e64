/** What the embedded engines share: a worker process behind HTTP, and the questions asked of it. */
export { askLife } from './life.ts';
export type { EventStream, WireReply } from './reply.ts';
export type { RawDialect, RawWireRequest, WireHandler, WireRequest } from './server.ts';
export { runWorker, workerArgument, workerEntry } from './worker.ts';
export { createExternalEngine } from './external/engine.ts';
export type { ReadSecret } from './external/key.ts';
export { externalFields, hasOneKey, oneKey } from './external/options.ts';
