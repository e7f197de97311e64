/** Shelf: where logs and measurements go. */
export { createJsonLinesLog, type ClosableLog } from './json-lines/index.ts';
export { createPrometheusMeters } from './prometheus/index.ts';
export { createFeedbackFile } from './feedback-file/index.ts';
