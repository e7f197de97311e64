import { Option } from 'commander';
import { stringify } from 'yaml';
import type { Resources, WatchEvent } from '@millrace/sdk';
import { kinds } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { resourceTable } from '../format/columns.ts';
import { parseKindWord, getNamed } from '../names.ts';
import { resourceLabel } from '../manifests.ts';

interface Options {
  readonly selector?: string;
  readonly output?: 'table' | 'yaml' | 'json';
  readonly watch?: boolean;
}

type Kind = ReturnType<typeof parseKindWord>;
type Resource = Resources[Kind];

function listText(kind: Kind, items: readonly Resource[], nowMs: number): string {
  return items.length === 0 ? `There are no ${kinds[kind].plural}.` : resourceTable(kind, items, nowMs);
}

type Event = WatchEvent<Resource>;

/** What is there already makes one table, with columns of one width; with `--json` each is an event like all others. */
function createWatchReport(context: Context, kind: Kind): (event: Event) => void {
  const { nowMs } = context.terminal;
  let there = context.options.json === true ? undefined : new Map<string, Resource>();
  return (event) => {
    if (event.type === 'synced') {
      if (there !== undefined) context.result(undefined, listText(kind, [...there.values()], nowMs()));
      there = undefined;
      return;
    }
    const { resource } = event;
    const { name } = resource.metadata;
    if (there !== undefined) {
      there.set(name, resource);
      return;
    }
    const [, row = ''] = resourceTable(kind, [resource], nowMs()).split('\n');
    context.result(event, event.type === 'deleted' ? `${resourceLabel(kind, name)} deleted` : row);
  };
}

async function watch(context: Context, kind: Kind, name: string | undefined): Promise<void> {
  if (name !== undefined) await getNamed(context.client(), kind, name);
  const report = createWatchReport(context, kind);
  for await (const event of context.client().resources(kind).watch())
    if (event.type === 'synced' || name === undefined || event.resource.metadata.name === name) report(event);
}

function refuseBesideWatch({ selector, output }: Options): void {
  if (selector !== undefined) throw new UsageError('--watch tells of all of a kind: leave out --selector.');
  if (output !== undefined)
    throw new UsageError('--watch goes without --output; with --json each change is one JSON value.');
}

async function one(context: Context, kind: Kind, name: string): Promise<{ value: object; rows: string }> {
  const client = context.client();
  const value = await getNamed(client, kind, name);
  return { value, rows: resourceTable(kind, [value], context.terminal.nowMs()) };
}

async function all(
  context: Context,
  kind: Kind,
  selector?: string,
): Promise<{ value: object; rows: string }> {
  const list = await context
    .client()
    .resources(kind)
    .list(selector === undefined ? {} : { labelSelector: selector });
  return { value: list, rows: listText(kind, list.items, context.terminal.nowMs()) };
}

export const getCommand: AddCommand = (program, terminal) => {
  program
    .command('get')
    .description('list resources of a kind, or show one')
    .argument('<kind>', 'for example deployments')
    .argument('[name]')
    .option('-l, --selector <labels>', 'only those with these labels: a=b,c=d')
    .addOption(new Option('-o, --output <format>', 'how to show it').choices(['table', 'yaml', 'json']))
    .option('-w, --watch', 'go on telling what changes')
    .action(
      called(terminal, async (context, [word = '', name], command) => {
        const options = command.opts<Options>();
        const kind = parseKindWord(word);
        if (options.watch === true) {
          refuseBesideWatch(options);
          await watch(context, kind, name);
          return;
        }
        const found =
          name === undefined ? await all(context, kind, options.selector) : await one(context, kind, name);
        if (options.output === 'json') terminal.out.write(`${JSON.stringify(found.value, undefined, 2)}\n`);
        else if (options.output === 'yaml') terminal.out.write(stringify(found.value));
        else context.result(found.value, found.rows);
      }),
    );
};
