import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { resourceTable } from '../format/columns.ts';
import { withNameHint } from '../names.ts';

export const tenantsCommand: AddCommand = (program, terminal) => {
  const tenants = program.command('tenants').description('groups that share keys and limits');
  tenants
    .command('list')
    .description('the tenants there are')
    .action(
      called(terminal, async (context) => {
        const list = await context.client().resources('Tenant').list();
        context.result(list, resourceTable('Tenant', list.items, terminal.nowMs()));
      }),
    );
  tenants
    .command('create')
    .description('add a tenant')
    .argument('<name>')
    .option('--description <text>', 'who they are')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const options = command.opts<{ readonly description?: string }>();
        const { description } = options;
        const { reason } = context.options;
        const tenant = await context
          .client()
          .resources('Tenant')
          .put(
            { kind: 'Tenant', metadata: { name }, spec: { description } },
            { reason, resourceVersion: '' },
          );
        context.result(tenant, `tenant/${name} created`);
      }),
    );
  tenants
    .command('delete')
    .description('remove a tenant that has no keys any more')
    .argument('<name>')
    .action(
      called(terminal, async (context, [name = '']) => {
        const client = context.client();
        const { reason } = context.options;
        const gone = await withNameHint(client, { kind: 'Tenant', name }, () =>
          client.resources('Tenant').delete(name, { reason }),
        );
        context.result(gone, `tenant/${name} deleted`);
      }),
    );
};
