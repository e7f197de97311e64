import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { readManifests, resourceLabel } from '../manifests.ts';

interface Options {
  readonly file: readonly string[];
  readonly dryRun?: boolean;
}

export const applyCommand: AddCommand = (program, terminal) => {
  program
    .command('apply')
    .description('create or change resources from files, all or nothing')
    .requiredOption('-f, --file <path...>', 'YAML or JSON files; - reads what is piped in')
    .option('--dry-run', 'check and tell, but change nothing')
    .action(
      called(terminal, async (context, _args, command) => {
        const { file, dryRun } = command.opts<Options>();
        const resources = await readManifests(file, terminal);
        const { reason } = context.options;
        const answer = await context.client().apply(resources, { dryRun, reason });
        const suffix = dryRun === true ? ' (dry run)' : '';
        const lines = answer.results.map(
          ({ kind, name, action }) => `${resourceLabel(kind, name)} ${action}${suffix}`,
        );
        for (const [name, secret] of Object.entries(answer.secrets ?? {}))
          lines.push(`Secret of key/${name}, shown this once: ${secret}`);
        context.result(answer, lines.join('\n'));
      }),
    );
};
