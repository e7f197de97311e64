import { diagnose, loadConfig, type Check } from '#app';
import { problem, ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

function checkText({ name, status, message, advice }: Check): string {
  const line = `${marks[status]}  ${name}: ${message}`;
  return advice === undefined ? line : `${line}\n         ${advice}`;
}

export const doctorCommand: AddCommand = (program, terminal) => {
  program
    .command('doctor')
    .description('check whether this machine can run Millrace, and say what to do where it cannot')
    .option('--config <file>', 'configuration file')
    .action(
      called(terminal, async (context, _args, command) => {
        const options = command.opts<{ readonly config?: string }>();
        const flags = { home: context.options.home };
        const loaded = loadConfig({ flags, file: options.config });
        if (!loaded.ok) throw new ProblemError(loaded.problem);
        const checks = await diagnose(loaded.value);
        context.result(checks, checks.map(checkText).join('\n'));
        const failed = checks.filter((one) => one.status === 'failed').map((one) => one.name);
        if (failed.length > 0)
          throw new ProblemError(problem('invalid_config', `Not in order: ${failed.join(', ')}.`));
      }),
    );
};
