/** The composition root: the only room that knows both the core and the rim, and the only one that makes things. */
export { clientSettings, type ClientFlags } from './config/client.ts';
export { loadConfig, type ConfigInput, type LoadedConfig, type Origin } from './config/load.ts';
export { configLeaves, type Leaf } from './config/leaves.ts';
export { diagnose, type Check } from './diagnose.ts';
export { giveHeapRoom } from '#engines';
export { localConnection, type Connection } from './home/connection.ts';
export { startPlatform, type Platform } from './platform.ts';
export { readVersion } from './version.ts';
