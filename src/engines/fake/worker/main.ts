import { runWorker, workerArgument } from '../../wire/index.ts';
import { fakeOptions } from '../options.ts';
import { routesOf } from './dialect.ts';
import { createMachine } from './machine.ts';

const argv = process.argv.slice(2);
const given: unknown = JSON.parse(workerArgument(argv, '--options') ?? '{}');
const options = fakeOptions.parse(given);
const machine = createMachine(options);

await runWorker({
  argv,
  routes: routesOf(machine, workerArgument(argv, '--model') ?? 'fake'),
  life: () => machine.life(),
  orphanTimeoutMs: options.orphanTimeoutMs,
});

if (options.ignoreStop) {
  process.removeAllListeners('SIGTERM');
  process.on('SIGTERM', () => undefined);
}
