/** Shelf: where logs and measurements go. */
export { createPinoLog, type ClosableLog } from './pino/index.ts';
export { createPrometheusMeters } from './prometheus/index.ts';
