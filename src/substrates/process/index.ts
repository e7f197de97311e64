export { createProcessSubstrate, type ProcessSubstrateDeps } from './substrate.ts';
