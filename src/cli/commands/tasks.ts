import type { Millrace, TaskQuery, TaskView } from '@millrace/sdk';
import { isPriority, isTaskEndpoint, priorities, taskEndpoints, taskStates } from '#schema';
import type { Command } from 'commander';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { durationMsOf } from '../format/parse-duration.ts';
import { momentMsOf } from '../format/parse-moment.ts';
import { table } from '../format/table.ts';
import { ageText } from '../format/units.ts';
import { parseCount } from '../names.ts';
import { readAll, type Terminal } from '../terminal.ts';

function line({ task_id: id, status, attempts, progress, error }: TaskView): string {
  const how = progress === undefined ? '' : `, ${progress.chunks} pieces`;
  const why = error === undefined ? '' : `: ${error.message}`;
  return `${id} ${status} (attempt ${attempts}${how})${why}`;
}

/** Follows one task to its end and shows its answer. */
async function watch(context: Context, client: Millrace, id: string): Promise<void> {
  let last: TaskView | undefined;
  for await (const task of client.tasks.follow(id)) {
    last = task;
    context.say(line(task));
  }
  const response = await client.tasks.result(id);
  const text = await response.text();
  context.result({ task: last, result: text }, text);
}

interface SubmitOptions {
  readonly endpoint: string;
  readonly priority: string;
  readonly delay?: string;
  readonly deadline?: string;
  readonly ttl?: string;
  readonly webhook?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
}

function secondsOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = durationMsOf(text);
  if (ms === undefined) throw new UsageError(`${flag} must be a duration such as 30s, 10m or 2h.`);
  return ms / 1000;
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    // Said below.
  }
  throw new UsageError('The body must be a JSON object: what would be sent to the endpoint.');
}

function requestOf(model: string, text: string, options: SubmitOptions) {
  const { endpoint, priority, webhook, idempotencyKey } = options;
  if (!isTaskEndpoint(endpoint))
    throw new UsageError(`--endpoint must be one of ${taskEndpoints.join(', ')}.`);
  if (!isPriority(priority)) throw new UsageError(`--priority must be one of ${priorities.join(', ')}.`);
  const delay = secondsOf(options.delay, '--delay');
  const deadline = secondsOf(options.deadline, '--deadline');
  const ttl = secondsOf(options.ttl, '--ttl');
  return {
    model,
    endpoint,
    priority,
    body: bodyOf(text),
    ...(delay !== undefined && { delay_s: delay }),
    ...(deadline !== undefined && { deadline_s: deadline }),
    ...(ttl !== undefined && { ttl_s: ttl }),
    ...(webhook !== undefined && { webhook }),
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
  };
}

function addSubmit(tasks: Command, terminal: Terminal): void {
  tasks
    .command('submit')
    .description('hand a request in that is run to an end you can see')
    .argument('<model>', 'a deployment')
    .argument('[body]', 'JSON, what would be sent to the endpoint; else what is piped in')
    .option('--endpoint <path>', 'the request endpoint', '/v1/chat/completions')
    .option('--priority <class>', 'critical, standard or batch', 'standard')
    .option('--delay <duration>', 'not before')
    .option('--deadline <duration>', 'not after')
    .option('--ttl <duration>', 'how long the result is kept')
    .option('--webhook <url>', 'hears of the end')
    .option('--idempotency-key <key>', 'the same key brings the same task again')
    .option('--wait', 'follow it and show the answer')
    .action(
      called(terminal, async (context, [model = '', body], command) => {
        const options = command.opts<SubmitOptions>();
        if (body === undefined && terminal.inputIsTerminal) throw new UsageError('Say what to ask.');
        const client = context.client();
        const task = await client.tasks.submit(
          requestOf(model, body ?? (await readAll(terminal.input)), options),
        );
        if (options.wait === true) await watch(context, client, task.task_id);
        else context.result(task, task.task_id);
      }),
    );
}

interface ListOptions {
  readonly status?: string;
  readonly model?: string;
  readonly tenant?: string;
  readonly from?: string;
  readonly until?: string;
  readonly after?: string;
  readonly limit?: string;
}

function momentOf(text: string | undefined, flag: string, nowMs: number): string | undefined {
  if (text === undefined) return undefined;
  const ms = momentMsOf(text, nowMs);
  if (ms !== undefined) return new Date(ms).toISOString();
  throw new UsageError(`${flag} must be a time such as 2026-11-20T10:00Z, or how long ago, such as 2h.`);
}

function queryOf({ status, from, until, limit, ...others }: ListOptions, nowMs: number): TaskQuery {
  const state = taskStates.find((one) => one === status);
  if (status !== undefined && state === undefined)
    throw new UsageError(`--status must be one of ${taskStates.join(', ')}.`);
  return {
    ...others,
    status: state,
    from: momentOf(from, '--from', nowMs),
    until: momentOf(until, '--until', nowMs),
    limit: parseCount(limit ?? '20', '--limit', 1),
  };
}

function addList(tasks: Command, terminal: Terminal): void {
  tasks
    .command('list')
    .description('the newest tasks')
    .option('--status <status>', `one of ${taskStates.join(', ')}`)
    .option('--model <model>', 'of this model')
    .option('--tenant <tenant>', 'of this tenant; for administrators')
    .option('--from <time>', 'handed in at this time or later; also how long ago, such as 2h')
    .option('--until <time>', 'handed in before this time; also how long ago')
    .option('--after <id>', 'those that are older than this one')
    .option('-n, --limit <count>', 'so many', '20')
    .action(
      called(terminal, async (context, _args, command) => {
        const nowMs = terminal.nowMs();
        const page = await context.client().tasks.list(queryOf(command.opts<ListOptions>(), nowMs));
        const rows = page.data.map((task) => [
          task.task_id,
          task.status,
          task.model,
          String(task.attempts),
          ageText(task.created_at, nowMs),
          task.error?.code ?? '',
        ]);
        const headings = ['ID', 'STATUS', 'MODEL', 'ATTEMPTS', 'AGE', 'ERROR'];
        context.result(page, rows.length === 0 ? 'There are no such tasks.' : table(headings, rows));
      }),
    );
}

export const tasksCommand: AddCommand = (program, terminal) => {
  const tasks = program.command('tasks').description('durable tasks: submit, walk away, come back');
  addSubmit(tasks, terminal);
  addList(tasks, terminal);
  tasks
    .command('watch')
    .description('follow a task to its end and show its answer')
    .argument('<id>')
    .action(called(terminal, (context, [id = '']) => watch(context, context.client(), id)));
  tasks
    .command('cancel')
    .description('stop a task, and the engine that works on it')
    .argument('<id>')
    .action(
      called(terminal, async (context, [id = '']) => {
        const task = await context.client().tasks.cancel(id);
        context.result(task, line(task));
      }),
    );
  tasks
    .command('replay')
    .description('begin a task anew that has ended without success')
    .argument('<id>')
    .action(
      called(terminal, async (context, [id = '']) => {
        const task = await context.client().tasks.replay(id);
        context.result(task, line(task));
      }),
    );
};
