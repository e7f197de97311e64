import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';

export const aliasCommand: AddCommand = (program, terminal) => {
  program
    .command('alias')
    .description('let a deployment answer under another name too, from the next request on')
    .argument('<name>', 'for example chat-prod')
    .argument('<deployment>')
    .option('--description <text>', 'what the name promises to those who use it')
    .action(
      called(terminal, async (context, [name = '', deployment = ''], command) => {
        const { description } = command.opts<{ readonly description?: string }>();
        const { reason } = context.options;
        const alias = await context
          .client()
          .resources('Alias')
          .put({ kind: 'Alias', metadata: { name }, spec: { deployment, description } }, { reason });
        context.result(alias, `${name} is answered by ${deployment}`);
      }),
    );
};
