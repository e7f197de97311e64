/** WHERE REPLICAS RUN: start, adopt, stop, watch. */
export { createProcessSubstrate, type ProcessSubstrateDeps } from './process/index.ts';
