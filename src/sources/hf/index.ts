export { createHfSource } from './hf-source.ts';
