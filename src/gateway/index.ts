/** HTTP: the only room that listens. */
export type { GatewayDeps } from './deps.ts';
export { createGateway, type Gateway } from './gateway.ts';
export { hashSecret } from './keys/key-ring.ts';
