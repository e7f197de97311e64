/** HTTP: the only room that listens. */
export { batchWire } from './batches/wire.ts';
export type { GatewayDeps } from './deps.ts';
export { createGateway, type Gateway } from './gateway.ts';
export { hashSecret } from './keys/key-ring.ts';
export { createIntake, createResultCourier, createResultNews, eventAddress } from './kafka/index.ts';
export { createMessagesWork } from './anthropic/messages-work.ts';
export { createInferenceWork } from './native/inference-work.ts';
export type { TasksDeps } from './tasks/index.ts';
export { newsOf } from './tasks/news.ts';
export { toAsk } from './tasks/to-ask.ts';
export { engineWords } from './tasks/engine-words.ts';
