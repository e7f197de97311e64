/** Shelf: how dispatch reaches a replica. */
export { createHttpTransport } from './http/index.ts';
export { createWebhookCourier, webhookSecretOf } from './webhook/index.ts';
