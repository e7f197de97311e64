import type { AddCommand } from '../program.ts';
import { createContext } from '../context.ts';
import { resourceTable } from '../format/columns.ts';
import { withNameHint } from '../names.ts';

export const tenantsCommand: AddCommand = (program, terminal) => {
  const tenants = program.command('tenants').description('groups that share keys and limits');
  tenants
    .command('list')
    .description('the tenants there are')
    .action(async (_options, command) => {
      const context = createContext(command, terminal);
      const list = await context.client().resources('Tenant').list();
      context.result(list, resourceTable('Tenant', list.items, terminal.nowMs()));
    });
  tenants
    .command('create')
    .description('add a tenant')
    .argument('<name>')
    .option('--description <text>', 'who they are')
    .action(async (name: string, options: { readonly description?: string }, command) => {
      const context = createContext(command, terminal);
      const { description } = options;
      const { reason } = context.options;
      const tenant = await context
        .client()
        .resources('Tenant')
        .put({ kind: 'Tenant', metadata: { name }, spec: { description } }, { reason, resourceVersion: '' });
      context.result(tenant, `tenant/${name} created`);
    });
  tenants
    .command('delete')
    .description('remove a tenant that has no keys any more')
    .argument('<name>')
    .action(async (name: string, _options, command) => {
      const context = createContext(command, terminal);
      const client = context.client();
      const { reason } = context.options;
      const gone = await withNameHint(client, { kind: 'Tenant', name }, () =>
        client.resources('Tenant').delete(name, { reason }),
      );
      context.result(gone, `tenant/${name} deleted`);
    });
};
