export { createOpenaiEngine, type OpenaiEngineDeps } from './engine.ts';
