import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { BatchView, Millrace } from '@millrace/sdk';
import { batchEndpoints, problem, ProblemError, type Problem } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { fileSizeBytes } from '../file-size.ts';
import { table } from '../format/table.ts';
import { parseCount } from '../names.ts';
import type { Terminal } from '../terminal.ts';
import type { Command } from 'commander';

function line({
  id,
  status,
  request_counts: counts,
  output_file_id: output,
  error_file_id: errors,
}: BatchView) {
  const done = counts.completed + counts.failed;
  const files = [output && `answers ${output}`, errors && `errors ${errors}`].filter(Boolean).join(', ');
  return `${id} ${status} ${done} of ${counts.total} lines${files === '' ? '' : `: ${files}`}`;
}

const faultsShown = 5;

/** Why a batch has not come to a good end, as far as it says so itself. */
function causeOf({ id, status, errors }: BatchView): Problem {
  const faults = (errors?.data ?? []).slice(0, faultsShown);
  const told = faults.map(({ line: at, message }) => ` ${at === null ? '' : `Line ${at}: `}${message}`);
  return problem('invalid_request', `The batch ${id} is ${status}.${told.join('')}`);
}

/** Follows a batch to its end and shows its answers. */
async function watch(context: Context, client: Millrace, id: string): Promise<void> {
  let last: BatchView | undefined;
  for await (const batch of client.batches.follow(id)) {
    last = batch;
    context.say(line(batch));
  }
  const output = last?.output_file_id;
  const text = typeof output === 'string' ? await (await client.files.content(output)).text() : '';
  if (text !== '' || context.options.json === true) context.result(last, text.replace(/\n$/, ''));
  if (last !== undefined && last.status !== 'completed') throw new ProblemError(causeOf(last));
}

/** Read while it is sent. */
async function blobOf(path: string): Promise<Blob> {
  await fileSizeBytes(path);
  return await openAsBlob(path);
}

interface SubmitOptions {
  readonly endpoint: string;
  readonly window: string;
  readonly wait?: boolean;
}

function addSubmit(batches: Command, terminal: Terminal): void {
  batches
    .command('submit')
    .description('have every line of a file answered')
    .argument('<file>', 'JSONL: {"custom_id", "method": "POST", "url", "body"} on each line')
    .option('--endpoint <path>', 'where its requests go', '/v1/chat/completions')
    .option('--window <duration>', 'how long it may take', '24h')
    .option('--wait', 'follow it and show the answers')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const { endpoint: path, window, wait } = command.opts<SubmitOptions>();
        const endpoint = batchEndpoints.find((one) => one === path);
        if (endpoint === undefined)
          throw new UsageError(`--endpoint must be one of ${batchEndpoints.join(', ')}.`);
        const client = context.client();
        const file = await client.files.create(await blobOf(name), { filename: basename(name) });
        const request = { input_file_id: file.id, endpoint, completion_window: window };
        const batch = await client.batches.create(request);
        if (wait === true) await watch(context, client, batch.id);
        else context.result(batch, batch.id);
      }),
    );
}

export const batchesCommand: AddCommand = (program, terminal) => {
  const batches = program.command('batches').description('files of requests, each line answered');
  addSubmit(batches, terminal);
  batches
    .command('list')
    .description('the newest batches')
    .option('-n, --limit <count>', 'so many', '20')
    .action(
      called(terminal, async (context, _args, command) => {
        const { limit = '20' } = command.opts<Record<string, string | undefined>>();
        const page = await context.client().batches.list({ limit: parseCount(limit, '--limit', 1) });
        const rows = page.data.map(({ id, status, endpoint, request_counts: counts }) => [
          id,
          status,
          endpoint,
          `${counts.completed}/${counts.total}`,
          String(counts.failed),
        ]);
        const headings = ['ID', 'STATUS', 'ENDPOINT', 'ANSWERED', 'FAILED'];
        context.result(page, rows.length === 0 ? 'There are no batches.' : table(headings, rows));
      }),
    );
  batches
    .command('watch')
    .description('follow a batch to its end and show its answers')
    .argument('<id>')
    .action(called(terminal, (context, [id = '']) => watch(context, context.client(), id)));
  batches
    .command('cancel')
    .description('stop a batch; what was answered is kept')
    .argument('<id>')
    .action(
      called(terminal, async (context, [id = '']) => {
        const batch = await context.client().batches.cancel(id);
        context.result(batch, line(batch));
      }),
    );
};
