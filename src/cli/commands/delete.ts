import type { WritableKind } from '@millrace/sdk';
import { kinds } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { resourceLabel } from '../manifests.ts';
import { parseKindWord, withNameHint } from '../names.ts';

/** The kind behind a word, if people may change it. */
export function parseWritableKind(word: string): WritableKind {
  const kind = parseKindWord(word);
  if (kind === 'Replica') throw new UsageError(`${kinds[kind].plural} are written by the platform alone.`);
  return kind;
}

export const deleteCommand: AddCommand = (program, terminal) => {
  program
    .command('delete')
    .description('delete resources')
    .argument('<kind>')
    .argument('<names...>')
    .action(
      called(terminal, async (context, [word = '', ...names]) => {
        const kind = parseWritableKind(word);
        const client = context.client();
        const { reason } = context.options;
        for (const name of names) {
          const gone = await withNameHint(client, { kind, name }, () =>
            client.resources(kind).delete(name, { reason }),
          );
          context.result(gone, `${resourceLabel(kind, name)} deleted`);
        }
      }),
    );
};
