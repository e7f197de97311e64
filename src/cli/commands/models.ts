import type { ModelVersion } from '@millrace/sdk';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { resourceTable } from '../format/columns.ts';
import { table } from '../format/table.ts';
import { ageText, bytesText } from '../format/units.ts';
import { withNameHint } from '../names.ts';
import { addLive } from './models-live.ts';
import { addPull } from './models-pull.ts';
import { addPush } from './models-push.ts';

function historyRow(
  { metadata, spec, status = { state: 'pending' } }: ModelVersion,
  nowMs: number,
): readonly string[] {
  const digest = status.digest ?? spec.digest ?? '';
  return [
    spec.version,
    ageText(metadata.createdAt, nowMs),
    status.state,
    status.sizeBytes === undefined ? '' : bytesText(status.sizeBytes),
    digest.slice(0, 'sha256:'.length + 12),
    spec.parent ?? '',
    spec.metadata?.commit ?? '',
    spec.source,
  ];
}

export const modelsCommand: AddCommand = (program, terminal) => {
  const models = program.command('models').description('models and their versions');
  addPush(models, terminal);
  addPull(models, terminal);
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
  models
    .command('history')
    .description('the versions of a model, newest first, and where they come from')
    .argument('<model>')
    .action(
      called(terminal, async (context, [model = '']) => {
        const client = context.client();
        await withNameHint(client, { kind: 'Model', name: model }, () =>
          client.resources('Model').get(model),
        );
        const versions = (await client.resources('ModelVersion').list()).items
          .filter((one) => one.spec.model === model)
          .toSorted((a, b) => (b.metadata.createdAt ?? '').localeCompare(a.metadata.createdAt ?? ''));
        const rows = versions.map((one) => historyRow(one, terminal.nowMs()));
        const headings = ['VERSION', 'AGE', 'STATE', 'SIZE', 'DIGEST', 'PARENT', 'COMMIT', 'SOURCE'];
        context.result(versions, table(headings, rows));
      }),
    );
};
