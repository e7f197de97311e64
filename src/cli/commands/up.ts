import type { AddCommand } from '../add-command.ts';
import { configOptions, type ConfigOptions } from '../config-flags.ts';
import { called } from '../context.ts';
import { runPlatform } from '../run-platform.ts';

export const upCommand: AddCommand = (program, terminal) => {
  configOptions(program.command('up').description('start the platform on this machine')).action(
    called(terminal, (context, _args, command) => runPlatform(context, command.opts<ConfigOptions>())),
  );
};
