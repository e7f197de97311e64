import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { resourceTable } from '../format/columns.ts';
import { addHistory } from './models-history.ts';
import { addLineage } from './models-lineage.ts';
import { addLive } from './models-live.ts';
import { addPull } from './models-pull.ts';
import { addPush } from './models-push.ts';

export const modelsCommand: AddCommand = (program, terminal) => {
  const models = program.command('models').description('models and their versions');
  addPush(models, terminal);
  addPull(models, terminal);
  addHistory(models, terminal);
  addLineage(models, terminal);
  addLive(models, terminal);
  models
    .command('list')
    .description('every version of every model')
    .action(
      called(terminal, async (context) => {
        const list = await context.client().resources('ModelVersion').list();
        const none = 'There are no models. Begin with: millrace models push --help';
        const rows =
          list.items.length === 0 ? none : resourceTable('ModelVersion', list.items, terminal.nowMs());
        context.result(list, rows);
      }),
    );
};
