import type { AddCommand } from '../add-command.ts';
import { configOptions, type ConfigOptions } from '../config-flags.ts';
import { called } from '../context.ts';
import { runPlatform } from '../run-platform.ts';

export const serveCommand: AddCommand = (program, terminal) => {
  const serve = program
    .command('serve')
    .description('take part in a platform of several processes over one PostgreSQL');
  configOptions(serve)
    .option('--role <role>', 'what this process does: gateway, control, worker, or all of it')
    .option('--node <name>', 'its name among the others (else one made from the name of the machine)')
    .option('--advertise <host>', 'address under which other machines reach the replicas of this one')
    .action(
      called(terminal, (context, _args, command) => runPlatform(context, command.opts<ConfigOptions>())),
    );
};
