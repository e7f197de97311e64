import { giveWay } from '../../wire/give-way.ts';

/**
 * The child process that runs one model: `--listen ADDRESS --model PATH --options JSON --name MODEL@VERSION`. It gives
 * way before anything else is read and compiled, of which those that serve would feel every tenth of a second.
 */
const serveAsUsual = giveWay();
const { serveModel } = await import('./serve-model.ts');
await serveModel(serveAsUsual);
