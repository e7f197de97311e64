/** WHAT THINGS ARE: resource kinds, requests, configuration and problems. */
export * from './config.ts';
export * from './deployment.ts';
export * from './endpoints.ts';
export * from './explain.ts';
export * from './inference.ts';
export * from './key.ts';
export * from './metadata.ts';
export * from './model.ts';
export * from './model-version.ts';
export * from './nearest.ts';
export * from './openai/index.ts';
export * from './priority.ts';
export * from './problems.ts';
export * from './replica.ts';
export * from './resource.ts';
export * from './task.ts';
export * from './tenant.ts';
