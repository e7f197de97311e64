import { Command } from 'commander';
import { readVersion } from '#app';
import type { AddCommand } from './add-command.ts';
import { aliasCommand } from './commands/alias.ts';
import { applyCommand } from './commands/apply.ts';
import { chatCommand } from './commands/chat.ts';
import { configCommand } from './commands/config.ts';
import { deleteCommand } from './commands/delete.ts';
import { deployCommand } from './commands/deploy.ts';
import { describeCommand } from './commands/describe.ts';
import { doctorCommand } from './commands/doctor.ts';
import { editCommand } from './commands/edit.ts';
import { getCommand } from './commands/get.ts';
import { inferCommand } from './commands/infer.ts';
import { keysCommand } from './commands/keys.ts';
import { logsCommand } from './commands/logs.ts';
import { modelsCommand } from './commands/models.ts';
import { releaseCommand } from './commands/release.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { scaleCommand } from './commands/scale.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { batchesCommand } from './commands/batches.ts';
import { benchCommand } from './commands/bench.ts';
import { tasksCommand } from './commands/tasks.ts';
import { tenantsCommand } from './commands/tenants.ts';
import { upCommand } from './commands/up.ts';
import type { Terminal } from './terminal.ts';

/** In the order in which the help tells them. */
const commands: readonly AddCommand[] = [
  upCommand,
  serveCommand,
  statusCommand,
  modelsCommand,
  deployCommand,
  chatCommand,
  inferCommand,
  tasksCommand,
  batchesCommand,
  releaseCommand,
  rollbackCommand,
  aliasCommand,
  scaleCommand,
  benchCommand,
  simulateCommand,
  logsCommand,
  applyCommand,
  getCommand,
  describeCommand,
  editCommand,
  deleteCommand,
  keysCommand,
  tenantsCommand,
  doctorCommand,
  configCommand,
];

/** The whole command tree. With `json`, usage errors are left to the caller to print. */
export function createProgram(terminal: Terminal, json: boolean): Command {
  const program = new Command('millrace');
  program
    .description('A self-hosted model cloud: one API in front of your models.')
    .version(readVersion(), '-V, --version', 'print the version')
    .option('--json', 'machine-readable output; errors as JSON on stderr')
    .option('--url <url>', 'address of the platform (else MILLRACE_URL, else the one of the home directory)')
    .option('--key <key>', 'API key (else MILLRACE_KEY, else the one of the home directory)')
    .option(
      '--home <dir>',
      'home directory of a platform on this machine (else MILLRACE_HOME, else ~/.millrace)',
    )
    .option('--reason <text>', 'why, for the audit log')
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for how to use it.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => {
        if (!json) terminal.err.write(text);
      },
    })
    .exitOverride();
  for (const add of commands) add(program, terminal);
  return program;
}
