import { momentOf, scopes } from '#schema';
import type { Command } from 'commander';
import type { AddCommand } from '../add-command.ts';
import type { Terminal } from '../terminal.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { resourceTable } from '../format/columns.ts';
import { durationMsOf } from '../format/parse-duration.ts';
import { withNameHint } from '../names.ts';

type Scope = (typeof scopes)[number];

function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((word) => {
    const scope = scopes.find((one) => one === word.trim());
    if (scope === undefined) throw new UsageError(`"${word}" is no scope. Scopes: ${scopes.join(', ')}.`);
    return scope;
  });
}

/** The last moment that has a date of four digits. */
const lastMs = Date.UTC(9999, 11, 31);

/** A moment (RFC 3339), or how long from now: `30d`, `12h`. */
function parseExpiry(text: string, nowMs: number): string {
  const forMs = durationMsOf(text);
  const atMs = forMs === undefined ? momentOf(text) : nowMs + forMs;
  if (atMs === undefined || atMs > lastMs)
    throw new UsageError(
      `"${text}" is neither a time such as 2027-01-01T00:00:00Z nor a duration such as 30d.`,
    );
  if (atMs <= nowMs) throw new UsageError(`"${text}" is over already: the key would never be good.`);
  return new Date(atMs).toISOString();
}

interface CreateOptions {
  readonly scopes: string;
  readonly tenant: string;
  readonly expires?: string;
}

function addCreate(keys: Command, terminal: Terminal): void {
  keys
    .command('create')
    .description('make a key and show its secret, this once')
    .argument('<name>')
    .option('--scopes <list>', `what it may do: ${scopes.join(',')}`, 'infer')
    .option('--tenant <name>', 'whose it is', 'default')
    .option('--expires <when>', 'a time, or a duration such as 30d')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const options = command.opts<CreateOptions>();
        const { tenant, expires } = options;
        const spec = {
          tenant,
          scopes: parseScopes(options.scopes),
          ...(expires !== undefined && { expiresAt: parseExpiry(expires, terminal.nowMs()) }),
        };
        const { reason } = context.options;
        // Version '' stands for "there must be none": an existing key keeps its secret and cannot be shown.
        const key = await context
          .client()
          .resources('Key')
          .put({ kind: 'Key', metadata: { name }, spec }, { reason, resourceVersion: '' });
        context.result(key, key.secret ?? '');
        context.say(`The key "${name}" may ${spec.scopes.join(', ')}. It is not shown again.`);
      }),
    );
}

function addRevoke(keys: Command, terminal: Terminal): void {
  keys
    .command('revoke')
    .description('delete a key; it stops working at once')
    .argument('<name>')
    .action(
      called(terminal, async (context, [name = '']) => {
        const client = context.client();
        const { reason } = context.options;
        const gone = await withNameHint(client, { kind: 'Key', name }, () =>
          client.resources('Key').delete(name, { reason }),
        );
        context.result(gone, `key/${name} revoked`);
      }),
    );
}

export const keysCommand: AddCommand = (program, terminal) => {
  const keys = program.command('keys').description('API keys');
  addCreate(keys, terminal);
  addRevoke(keys, terminal);
  keys
    .command('list')
    .description('the keys there are')
    .action(
      called(terminal, async (context) => {
        const list = await context.client().resources('Key').list();
        context.result(list, resourceTable('Key', list.items, terminal.nowMs()));
      }),
    );
};
